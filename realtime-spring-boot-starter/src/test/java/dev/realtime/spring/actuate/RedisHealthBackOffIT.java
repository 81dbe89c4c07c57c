package dev.realtime.spring.actuate;

import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** As {@link RedisHealthBackOffTests}, where topics are on servers. */
class RedisHealthBackOffIT {

	@Test
	void anApplicationWhoseTopicsAreOnIndependentServersIsNotAskedForAnother() {
		new ApplicationContextRunner().withUserConfiguration(RedisHealthBackOffTests.Application.class)
			.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("realtime.redis.shards=" + String.join(",", RedisShards.shared()))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("realtimeHealthIndicator")
				.doesNotHaveBean("redisHealthContributor"));
	}

}
