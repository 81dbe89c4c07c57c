package dev.realtime.spring.journey;

import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

class UnreadOnPostgresqlIT extends UnreadContract {

	private final DatabaseServer database = DatabaseServer.postgresql();

	@Override
	ConfigurableApplicationContext node() {
		return UnreadNode.start(RedisServer.shared().port(), this.database.url());
	}

	@Override
	void stopDatabase() {
		this.database.stop();
	}

}
