package dev.realtime.bench.micro;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * What a private Redis needs of its core for what {@code run} does not measure alone: a
 * copy of a message for each node, a topic whose position a node compares with its own,
 * and a client that joins presence. In microseconds.
 */
public final class RedisCosts {

	private static final int TOPICS = 1_000;

	private static final int COMPARISONS = 100;

	private static final int MEMBERS = 20_000;

	private static final int MEMBERS_OF_A_TOPIC = 50;

	private static final int NODES = 50;

	private static final int MESSAGES = 20_000;

	/** Sent in one write: a Redis that is busy writes to each node once for several. */
	private static final int AT_ONCE = 16;

	private static final String MESSAGE = "x".repeat(250);

	private static final String CHANNEL = "channel";

	private final PrivateRedis redis;

	private RedisCosts(PrivateRedis redis) {
		this.redis = redis;
	}

	/** Measures each; some seconds. */
	public static Map<String, Double> measure() {
		Map<String, Double> micros = new LinkedHashMap<>();
		try (PrivateRedis redis = new PrivateRedis()) {
			RedisCosts costs = new RedisCosts(redis);
			double alone = costs.publish();
			micros.put("forward", Math.max(0, costs.publishToNodes() - alone) / NODES);
			micros.put("compare", costs.compare());
			micros.put("join", costs.join());
		}
		return micros;
	}

	private double publishToNodes() {
		IntStream.range(0, NODES).forEach((i) -> this.redis.client().connectPubSub().sync().subscribe(CHANNEL));
		return publish();
	}

	private double publish() {
		StatefulRedisConnection<String, String> connection = this.redis.client().connect();
		connection.setAutoFlushCommands(false);
		return micros(MESSAGES, () -> {
			for (int i = 0; i < MESSAGES; i += AT_ONCE) {
				List<RedisFuture<Long>> sent = new ArrayList<>();
				for (int j = 0; j < AT_ONCE; j++) {
					sent.add(connection.async().publish(CHANNEL, MESSAGE));
				}
				connection.flushCommands();
				all(sent);
			}
		});
	}

	private double compare() {
		try (RedisBroker broker = new RedisBroker(this.redis.client(), new RedisKeys("rt"), RedisBrokerOptions.DEFAULT,
				new Loops())) {
			broker.start(Relay.Listener.none());
			List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> Topic.of("room." + i)).toList();
			all(topics.stream()
				.map((topic) -> broker.publish(Publication.of(topic, Room.CONTENT), TopicPolicy.DEFAULT))
				.toList());
			return micros(TOPICS * COMPARISONS, () -> {
				for (int i = 0; i < COMPARISONS; i++) {
					all(List.of(broker.log().heads(topics)));
				}
			});
		}
	}

	private double join() {
		try (RedisPresence presence = new RedisPresence(this.redis.client(), new RedisKeys("rt"), "bench",
				PresenceOptions.DEFAULT, TopicPolicies.all(TopicPolicy.DEFAULT), Duration.ofSeconds(10),
				Duration.ofDays(1), new Loops())) {
			presence.start((topic, event) -> CompletableFuture.completedFuture(null));
			return micros(MEMBERS, () -> all(IntStream.range(0, MEMBERS)
				.mapToObj((IntFunction<CompletionStage<Void>>) (i) -> presence
					.enter(Topic.of("room." + i % (MEMBERS / MEMBERS_OF_A_TOPIC)), "user-" + i, "connection-" + i))
				.toList()));
		}
	}

	/** What so many of something have taken, each. */
	private double micros(int count, Runnable work) {
		long before = this.redis.coreNanos();
		work.run();
		return (this.redis.coreNanos() - before) / 1e3 / count;
	}

	private static void all(List<? extends CompletionStage<?>> stages) {
		CompletableFuture
			.allOf(stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new))
			.orTimeout(1, TimeUnit.MINUTES)
			.join();
	}

}
