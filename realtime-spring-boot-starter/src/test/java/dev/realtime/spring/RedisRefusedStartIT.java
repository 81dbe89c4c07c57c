package dev.realtime.spring;

import dev.realtime.spring.testing.BootAutoConfigurations;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** A node does not start with a Redis that refuses, and says why and what to do. */
class RedisRefusedStartIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(BootAutoConfigurations.redisAnd(RealtimeAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.port=" + this.redis.port(), "spring.data.redis.host=127.0.0.1");

	@AfterEach
	void stop() {
		this.redis.close();
	}

	@Test
	void aReplica() {
		this.redis.say("REPLICAOF 127.0.0.1 " + this.redis.port());

		assertStartFails("Redis is read-only because it is a replica",
				"Connect to the master, or name Sentinel or the cluster in spring.data.redis");
	}

	@Test
	void aServerWithoutMemory() {
		this.redis.say("CONFIG SET maxmemory 1");

		assertStartFails("Redis has no memory left and refuses to write", "Raise its maxmemory");
	}

	@Test
	void aMissingOrWrongPassword() {
		this.redis.say("CONFIG SET requirepass secret");

		assertStartFails("Redis requires a password", "Set spring.data.redis.password");
		assertStartFails("Redis does not accept the user name or the password", "Check spring.data.redis.username",
				"spring.data.redis.password=wrong");
	}

	@Test
	void anAclUserWithoutTheKeysOfTheFleet() {
		this.redis.say("ACL SETUSER app on >pw +@all ~other:* &*");

		assertStartFails("it lacks a key such as \"rt:fleet\"", "Add the pattern of the fleet's keys",
				"spring.data.redis.username=app", "spring.data.redis.password=pw");
	}

	@Test
	void anAclUserWithoutACommand() {
		this.redis.say("ACL SETUSER app on >pw +@all -script ~* &*");

		assertStartFails("it lacks the command SCRIPT", "Add it with ACL SETUSER", "spring.data.redis.username=app",
				"spring.data.redis.password=pw");
	}

	private void assertStartFails(String sentence, String action, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			Throwable failure = context.getStartupFailure();
			while (failure != null && !(failure instanceof RedisUnreachableException)) {
				failure = failure.getCause();
			}
			assertThat(failure).isInstanceOf(RedisUnreachableException.class);
			FailureAnalysis analysis = new RedisUnreachableFailureAnalyzer().analyze(failure,
					(RedisUnreachableException) failure);
			assertThat(analysis.getDescription())
				.startsWith("Realtime could not start with the Redis at 127.0.0.1:" + this.redis.port() + ": ")
				.contains(sentence);
			assertThat(analysis.getAction()).startsWith(action).endsWith(".");
		});
	}

}
