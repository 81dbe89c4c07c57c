package dev.realtime.spring.guide;

public interface PriceSource {

	void open(String topic);

	void close(String topic);

}
