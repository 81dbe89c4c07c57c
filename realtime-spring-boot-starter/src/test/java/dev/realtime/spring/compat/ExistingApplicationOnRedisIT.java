package dev.realtime.spring.compat;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;

/** The same application with the starter, as one of a fleet. */
class ExistingApplicationOnRedisIT extends ExistingApplicationContract {

	private static final RedisServer REDIS = RedisServer.start();

	ExistingApplicationOnRedisIT() {
		super(ExistingApplication.start("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + REDIS.port()));
	}

	@AfterAll
	@Override
	void stop() {
		super.stop();
		REDIS.close();
	}

}
