package dev.realtime.spring.journey;

import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

class UnreadOnH2IT extends UnreadContract {

	@Override
	ConfigurableApplicationContext node() {
		return UnreadNode.start(RedisServer.shared().port(), "jdbc:h2:mem:unread;DB_CLOSE_DELAY=-1");
	}

}
