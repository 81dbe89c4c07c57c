package dev.realtime.spring.actuate;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether an application's health asks a Redis that it may not have. */
class RedisHealthBackOffTests {

	private static final String INDICATOR = "redisHealthContributor";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withPropertyValues("realtime.broker=memory");

	@Test
	void anApplicationWithoutRedisIsNotAskedForOne() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasBean("realtimeHealthIndicator")
			.doesNotHaveBean(INDICATOR));
	}

	@Test
	void anApplicationThatConfiguresRedisKeepsItsHealth() {
		this.runner.withPropertyValues("spring.data.redis.port=6390")
			.run((context) -> assertThat(context).hasBean(INDICATOR));
		this.runner.withPropertyValues("spring.data.redis.url=redis://localhost:6390")
			.run((context) -> assertThat(context).hasBean(INDICATOR));
	}

	@Test
	void anApplicationWithItsOwnFactoryKeepsItsHealth() {
		this.runner.withUserConfiguration(OwnFactory.class).run((context) -> assertThat(context).hasBean(INDICATOR));
	}

	@Test
	void thePropertyOfBootDecides() {
		this.runner.withPropertyValues("management.health.redis.enabled=true")
			.run((context) -> assertThat(context).hasBean(INDICATOR));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationWithoutSecurity
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		LettuceConnectionFactory redisConnectionFactory() {
			return new LettuceConnectionFactory();
		}

	}

}
