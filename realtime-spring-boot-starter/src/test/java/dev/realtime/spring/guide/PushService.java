package dev.realtime.spring.guide;

public interface PushService {

	void push(String user, String payload) throws Exception;

}
