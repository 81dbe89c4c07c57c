package dev.realtime.spring.compat;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;

/** The same application with the starter, as one of a fleet. */
class ExistingApplicationOnRedisIT extends ExistingApplicationContract {

	private final RedisServer redis;

	ExistingApplicationOnRedisIT() {
		this(RedisServer.start());
	}

	private ExistingApplicationOnRedisIT(RedisServer redis) {
		super(ExistingApplication.start("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port()));
		this.redis = redis;
	}

	@AfterAll
	void stopRedis() {
		this.redis.close();
	}

}
