package dev.realtime.spring.journey;

import dev.realtime.testing.RedisServer;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * With a pool that begins transactions by itself: what is not committed is rolled back.
 */
class TransactionsOnH2IT extends TransactionsContract {

	@Override
	ConfigurableApplicationContext node() {
		return DurableNode.start(RedisServer.shared().port(), "jdbc:h2:mem:transactions;DB_CLOSE_DELAY=-1",
				"spring.datasource.hikari.auto-commit=false");
	}

}
