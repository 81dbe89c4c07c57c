package dev.realtime.spring.guide;

import dev.realtime.spring.offline.OfflineHandler;
import dev.realtime.spring.offline.OfflineMessage;

import org.springframework.stereotype.Component;

@Component
public class WebPush implements OfflineHandler {

	private final PushService devices;

	public WebPush(PushService devices) {
		this.devices = devices;
	}

	@Override
	public void offline(OfflineMessage message) throws Exception {
		if (message.destination().equals("/queue/notices")) {
			this.devices.push(message.user(), message.message().content().text());
		}
	}

}
