package dev.realtime.spring.journey;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;

/** Where Redis is the relay. */
abstract class IsolationOverRedisContract extends IsolationContract {

	private final RedisServer redis = RedisServer.startProcess();

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

}
