package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.realtime.PublishException;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two nodes on a Redis Cluster, 500 messages a second on 200 topics, while slots move, a
 * connection that listens is killed, and a master is killed.
 */
class ClusterChaosIT {

	private static final int TOPICS = 200;

	private static final int SECONDS = 12;

	private static final long PAUSE = 2_000_000;

	private final RedisCluster cluster = RedisCluster.start();

	private final List<Runnable> closing = new ArrayList<>();

	private final List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> Messages.topic()).toList();

	/** Confirmed texts of each topic. */
	private final Map<Topic, Set<String>> confirmed = new ConcurrentHashMap<>();

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger unknown = new AtomicInteger();

	@AfterEach
	void close() {
		this.closing.forEach(Runnable::run);
		this.cluster.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "BOTH", "PARTITIONS" })
	void rule3_eachConfirmedMessageArrivesOnceOrTheSubscriberIsTold(Channels channels) {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), channels);
		RedisBroker publisher = node(keys).broker();
		List<Subscription> subscriptions = new ArrayList<>();
		for (Node node : List.of(node(keys), node(keys))) {
			this.topics.forEach((topic) -> subscriptions.add(subscribe(node, topic)));
		}
		Await.until(() -> assertThat(subscriptions).allMatch((each) -> !each.transport.frames.isEmpty()));
		RedisServer first = this.cluster.master(0);
		RedisServer second = this.cluster.master(8_000);
		Thread faults = new Thread(() -> {
			sleep(2);
			for (int partition = 0; partition < 16; partition++) {
				this.cluster.move(keys.partitions().slot(partition), first, second);
			}
			sleep(1);
			this.cluster.on(this.cluster.master(16_000), (redis) -> redis.clientKill(KillArgs.Builder.typePubsub()));
			sleep(1);
			this.cluster.kill(this.cluster.master(5_000));
		});
		faults.start();
		int sent = publish(publisher);
		Await.result(join(faults));
		this.topics.forEach((topic) -> Await.until(() -> confirm(publisher, topic)));
		Await.until(() -> assertThat(subscriptions).allMatch(Subscription::hasLast));
		report(channels, sent, subscriptions);
	}

	private int publish(RedisBroker publisher) {
		long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
		int sent = 0;
		for (long next = System.nanoTime(); next < end; next += PAUSE) {
			Topic topic = this.topics.get(sent % TOPICS);
			String text = topic.name() + ' ' + sent++;
			publisher.publish(Messages.text(topic, text), TopicPolicy.DEFAULT).whenComplete((receipt, failure) -> {
				if (failure == null) {
					confirmed(topic).add(text);
				}
				else {
					boolean known = RedisLink.unwrap(failure) instanceof PublishException refusal
							&& !refusal.isOutcomeUnknown();
					(known ? this.refused : this.unknown).incrementAndGet();
				}
			});
			LockSupport.parkNanos(next + PAUSE - System.nanoTime());
		}
		return sent;
	}

	private void confirm(RedisBroker publisher, Topic topic) {
		String text = "last " + this.attempts.incrementAndGet();
		assertThat(publisher.publish(Messages.text(topic, text), TopicPolicy.DEFAULT))
			.succeedsWithin(Duration.ofSeconds(5));
		confirmed(topic).add(text);
	}

	private Set<String> confirmed(Topic topic) {
		return this.confirmed.computeIfAbsent(topic, (key) -> ConcurrentHashMap.newKeySet());
	}

	private void report(Channels channels, int sent, List<Subscription> subscriptions) {
		int all = this.confirmed.values().stream().mapToInt(Set::size).sum();
		int delivered = 0;
		int told = 0;
		int missing = 0;
		List<String> untold = new ArrayList<>();
		List<String> twice = new ArrayList<>();
		for (Subscription each : subscriptions) {
			Set<String> texts = new HashSet<>();
			each.texts().stream().filter((text) -> !texts.add(text)).forEach(twice::add);
			delivered += texts.size();
			told += each.isTold() ? 1 : 0;
			List<String> lost = confirmed(each.topic).stream().filter((text) -> !texts.contains(text)).toList();
			missing += lost.size();
			if (!each.isTold()) {
				untold.addAll(lost);
			}
		}
		System.out.printf("%s: %d published, %d confirmed, %d refused, %d of unknown outcome; %d subscribers received "
				+ "%d, %d were told of a gap, %d confirmed messages are in gaps, %d are missing without one, %d came twice%n",
				channels, sent, all - TOPICS, this.refused.get(), this.unknown.get(), subscriptions.size(), delivered,
				told, missing, untold.size(), twice.size());
		assertThat(untold).isEmpty();
		assertThat(twice).isEmpty();
		assertThat(all).isGreaterThan(sent / 2);
		assertThat(told).isBetween(1, subscriptions.size() - 1);
	}

	private Subscription subscribe(Node node, Topic topic) {
		Subscription subscription = new Subscription(topic, new RecordingTransport());
		Connection connection = node.hub.connect("c" + topic.name(), subscription.transport);
		connection.introduce(null, true, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", topic, null, 0, "r"));
		return subscription;
	}

	private Node node(RedisKeys keys) {
		RedisFleet fleet = RedisFleet.of(this.cluster, keys);
		RedisBroker broker = fleet.broker();
		Hub hub = new Hub(HubOptions.DEFAULT, broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
				HubListener.NONE);
		broker.start(hub);
		hub.start();
		this.closing.add(() -> {
			hub.close();
			fleet.close();
		});
		return new Node(broker, hub);
	}

	private static void sleep(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

	private static CompletableFuture<Void> join(Thread thread) {
		return CompletableFuture.runAsync(() -> {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	private record Node(RedisBroker broker, Hub hub) {
	}

	private record Subscription(Topic topic, RecordingTransport transport) {

		List<String> texts() {
			return this.transport.messages().stream().map((frame) -> frame.split(" ", 4)[3]).toList();
		}

		boolean isTold() {
			return this.transport.others().stream().anyMatch((frame) -> frame.startsWith("gap "));
		}

		boolean hasLast() {
			return texts().stream().anyMatch((text) -> text.startsWith("last "));
		}

	}

}
