package dev.realtime.spring.journey;

import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;

import org.springframework.context.ConfigurableApplicationContext;

class TransactionsOnPostgresqlIT extends TransactionsContract {

	private static final DatabaseServer database = DatabaseServer.postgresql();

	@AfterAll
	static void stopDatabase() {
		database.stop();
	}

	@Override
	ConfigurableApplicationContext node() {
		return DurableNode.start(RedisServer.shared().port(), database.url());
	}

}
