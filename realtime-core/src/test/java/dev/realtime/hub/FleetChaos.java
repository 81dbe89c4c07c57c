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
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.realtime.PublishException;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes of a test that publish 500 messages a second on 200 topics while servers fail,
 * and what became of the messages.
 */
final class FleetChaos implements AutoCloseable {

	private static final int TOPICS = 200;

	private static final int SECONDS = 12;

	private static final long PAUSE = 2_000_000;

	private final List<Runnable> closing = new ArrayList<>();

	final List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> Messages.topic()).toList();

	/** Confirmed texts of each topic. */
	private final Map<Topic, Set<String>> confirmed = new ConcurrentHashMap<>();

	private final Set<Topic> failed = ConcurrentHashMap.newKeySet();

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger unknown = new AtomicInteger();

	private final Function<RedisKeys, RedisFleet> fleets;

	FleetChaos(Function<RedisKeys, RedisFleet> fleets) {
		this.fleets = fleets;
	}

	@Override
	public void close() {
		this.closing.forEach(Runnable::run);
	}

	/** Publishes 500 messages a second, and returns how many. */
	int publish(RedisBroker publisher) {
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
					this.failed.add(topic);
					boolean known = RedisLink.unwrap(failure) instanceof PublishException refusal
							&& !refusal.isOutcomeUnknown();
					(known ? this.refused : this.unknown).incrementAndGet();
				}
			});
			LockSupport.parkNanos(next + PAUSE - System.nanoTime());
		}
		return sent;
	}

	/** Publishes one more on each topic, until all of them have arrived. */
	void finish(RedisBroker publisher, List<Subscription> subscriptions) {
		this.topics.forEach((topic) -> Await.until(() -> confirm(publisher, topic)));
		Await.until(() -> assertThat(subscriptions).allMatch(Subscription::hasLast));
	}

	private void confirm(RedisBroker publisher, Topic topic) {
		String text = "last " + this.attempts.incrementAndGet();
		assertThat(publisher.publish(Messages.text(topic, text), TopicPolicy.DEFAULT))
			.succeedsWithin(Duration.ofSeconds(5));
		confirmed(topic).add(text);
	}

	/** Topics on which a publication failed. */
	Set<Topic> failedTopics() {
		return this.failed;
	}

	private Set<String> confirmed(Topic topic) {
		return this.confirmed.computeIfAbsent(topic, (key) -> ConcurrentHashMap.newKeySet());
	}

	/**
	 * Prints the counts, and fails when a message is missing without a gap, or came
	 * twice.
	 */
	void report(String name, int sent, List<Subscription> subscriptions) {
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
				name, sent, all - TOPICS, this.refused.get(), this.unknown.get(), subscriptions.size(), delivered, told,
				missing, untold.size(), twice.size());
		assertThat(untold).isEmpty();
		assertThat(twice).isEmpty();
		assertThat(all).isGreaterThan(sent / 2);
		assertThat(told).isBetween(1, subscriptions.size() - 1);
	}

	/** Waits for all subscribers. */
	List<Subscription> subscribe(Node... nodes) {
		List<Subscription> subscriptions = new ArrayList<>();
		for (Node node : nodes) {
			this.topics.forEach((topic) -> subscriptions.add(subscribe(node, topic)));
		}
		Await.until(() -> assertThat(subscriptions).allMatch((each) -> !each.transport.frames.isEmpty()));
		return subscriptions;
	}

	private Subscription subscribe(Node node, Topic topic) {
		Subscription subscription = new Subscription(topic, new RecordingTransport());
		Connection connection = node.hub.connect("c" + topic.name(), subscription.transport);
		connection.introduce(null, true, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", topic, null, 0, "r"));
		return subscription;
	}

	Node node(RedisKeys keys) {
		RedisFleet fleet = this.fleets.apply(keys);
		RedisBroker broker = fleet.broker();
		Hub hub = new Hub(HubOptions.DEFAULT, broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
				ConnectionListener.NONE);
		broker.start(hub);
		hub.start();
		this.closing.add(() -> {
			hub.close();
			fleet.close();
		});
		return new Node(broker, hub);
	}

	static void sleep(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

	/** Completes when the thread has ended. */
	static CompletableFuture<Void> join(Thread thread) {
		return CompletableFuture.runAsync(() -> {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	/** A node. */
	record Node(RedisBroker broker, Hub hub) {
	}

	/** A subscriber of one topic. */
	record Subscription(Topic topic, RecordingTransport transport) {

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
