package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A node that knows the state of lists and of sums; all nodes of a test share a store.
 */
@Configuration(proxyBeanMethods = false)
class SnapshotNode {

	static ConfigurableApplicationContext start(int redisPort) {
		return new SpringApplicationBuilder(ChatNode.class, SnapshotNode.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redisPort,
					"realtime.drain.spread=0s", "management.health.redis.enabled=false",
					"spring.main.register-shutdown-hook=false")
			.run();
	}

	@Bean
	SnapshotProvider<List<String>> lists() {
		return new Provider<>("list.*", (topic) -> Snapshot.of(List.copyOf(Store.list(topic))));
	}

	@Bean
	SnapshotProvider<Long> sums() {
		return new Provider<>("sum.*", (topic) -> Store.sum(topic).snapshot());
	}

	/** What a database would keep. */
	static final class Store {

		private static final Map<Topic, Set<String>> lists = new ConcurrentHashMap<>();

		private static final Map<Topic, Sum> sums = new ConcurrentHashMap<>();

		private Store() {
		}

		static Set<String> list(Topic topic) {
			return lists.computeIfAbsent(topic, (key) -> new ConcurrentSkipListSet<>());
		}

		/** First into the state, then to everybody. */
		static void add(RealtimePublisher publisher, Topic topic, String entry) {
			list(topic).add(entry);
			publisher.publishAndWait(Publication.of(topic, Content.text(entry)));
		}

		static Sum sum(Topic topic) {
			return sums.computeIfAbsent(topic, (key) -> new Sum());
		}

	}

	/** A sum that knows of which position it is. */
	static final class Sum {

		private long value;

		private @Nullable Position position;

		synchronized void add(RealtimePublisher publisher, Topic topic, long number) {
			this.position = publisher.publishAndWait(Publication.of(topic, Content.text(Long.toString(number))))
				.position();
			this.value += number;
		}

		synchronized Snapshot<Long> snapshot() {
			return (this.position != null) ? Snapshot.at(this.position, this.value) : Snapshot.of(this.value);
		}

		synchronized long value() {
			return this.value;
		}

	}

	private interface States<T> {

		Snapshot<T> of(Topic topic);

	}

	private record Provider<T>(String topics, States<T> states) implements SnapshotProvider<T> {

		@Override
		public TopicPattern pattern() {
			return new TopicPattern(this.topics);
		}

		@Override
		public Snapshot<T> snapshot(Topic topic, @Nullable Principal user) {
			return this.states.of(topic);
		}

	}

}
