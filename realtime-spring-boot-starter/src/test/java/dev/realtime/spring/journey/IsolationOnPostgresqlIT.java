package dev.realtime.spring.journey;

import java.util.List;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;

import org.springframework.context.ConfigurableApplicationContext;

/** Over Redis, with nodes that see each other in PostgreSQL. */
class IsolationOnPostgresqlIT extends IsolationContract {

	private final RedisServer redis = RedisServer.startProcess();

	private final String database = PostgresqlAlone.database();

	@AfterEach
	void stopRedis() {
		this.redis.close();
	}

	@Override
	int relayPort() {
		return this.redis.port();
	}

	@Override
	void stopRelay() {
		this.redis.stop();
	}

	@Override
	void restartRelay() {
		this.redis.restart();
	}

	@Override
	ConfigurableApplicationContext start(int relayPort, String... properties) {
		return DurableNode.start(relayPort, this.database, properties);
	}

	@Override
	String peers(List<Integer> doors) {
		return "realtime.isolation.enabled=true";
	}

}
