package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import dev.realtime.spring.security.TopicAccess;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A node whose application takes rights away, fails and hangs as a test says. All nodes
 * of a test have one such application.
 */
@Configuration
class RightsNode {

	/** Entries are a user, a blank and a topic. */
	static final Set<String> DENIED = ConcurrentHashMap.newKeySet();

	static final Set<String> FAILING = ConcurrentHashMap.newKeySet();

	static final Set<String> HANGING = ConcurrentHashMap.newKeySet();

	/** What was asked that hangs. */
	static final Set<String> HUNG = ConcurrentHashMap.newKeySet();

	private static volatile CountDownLatch released = new CountDownLatch(1);

	static ConfigurableApplicationContext start(int redisPort, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redisPort, "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.presence=true", "realtime.presence.grace=0s", "realtime.drain.spread=0s",
				"management.health.redis.enabled=false", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ChatNode.class, RightsNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** Ends what a test has begun; what hangs goes on. */
	static void reset() {
		List.of(DENIED, FAILING, HANGING, HUNG).forEach(Set::clear);
		released.countDown();
		released = new CountDownLatch(1);
	}

	@Bean
	TopicAccess topicAccess() {
		return (user, topic) -> {
			String asked = ((user != null) ? user.getName() : "") + ' ' + topic;
			if (FAILING.contains(asked)) {
				throw new IllegalStateException("on purpose");
			}
			if (HANGING.contains(asked)) {
				HUNG.add(asked);
				hang();
			}
			return !DENIED.contains(asked);
		};
	}

	private static void hang() {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
