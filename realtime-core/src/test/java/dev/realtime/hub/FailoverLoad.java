package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.log.LogPage;
import dev.realtime.redis.Continuing;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three nodes whose topics go on after a failover: one publishes on 50 topics, two have a
 * subscriber of each. It counts what was confirmed and what has arrived.
 */
final class FailoverLoad implements AutoCloseable {

	private static final int TOPICS = 50;

	private static final long PAUSE = 2_000_000;

	private final Supplier<RedisFleet> fleets;

	private final Continuing options;

	private final List<Runnable> closing = new ArrayList<>();

	private final List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> Messages.topic()).toList();

	private final Map<String, PublishReceipt> confirmed = new ConcurrentHashMap<>();

	private final Map<Topic, Position> first = new ConcurrentHashMap<>();

	private final List<Subscription> subscriptions = new ArrayList<>();

	private final AtomicInteger failures = new AtomicInteger();

	private final RedisBroker publisher;

	private int sent;

	FailoverLoad(Supplier<RedisFleet> fleets, Continuing options) {
		this.fleets = fleets;
		this.options = options;
		this.publisher = node().broker();
		for (Node node : List.of(node(), node())) {
			this.topics.forEach((topic) -> this.subscriptions.add(subscribe(node, topic)));
		}
		Await.until(() -> assertThat(this.subscriptions).allMatch((each) -> !each.transport.frames.isEmpty()));
		this.topics.forEach((topic) -> this.first.put(topic, confirm(topic).position()));
	}

	/** Publishes 500 messages a second. */
	void publish(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long next = System.nanoTime(); next < end; next += PAUSE) {
			Topic topic = this.topics.get(this.sent % TOPICS);
			String text = topic.name() + ' ' + this.sent++;
			this.publisher.publish(Messages.text(topic, text), TopicPolicy.DEFAULT).whenComplete((receipt, failure) -> {
				if (failure == null) {
					this.confirmed.put(text, receipt);
				}
				else {
					this.failures.incrementAndGet();
				}
			});
			LockSupport.parkNanos(next + PAUSE - System.nanoTime());
		}
	}

	/**
	 * Publishes one message on each topic, as often as it takes, and waits until it has
	 * arrived.
	 */
	void settle() {
		Set<String> last = new HashSet<>();
		this.topics.forEach((topic) -> Await.until(() -> last.add(confirmedText(topic))));
		Await.until(() -> assertThat(this.subscriptions)
			.allMatch((each) -> each.texts().stream().anyMatch(last::contains)));
	}

	private String confirmedText(Topic topic) {
		confirm(topic);
		return topic.name() + " single " + this.sent;
	}

	private PublishReceipt confirm(Topic topic) {
		String text = topic.name() + " single " + ++this.sent;
		PublishReceipt receipt = Await.result(this.publisher.publish(Messages.text(topic, text), TopicPolicy.DEFAULT));
		this.confirmed.put(text, receipt);
		return receipt;
	}

	/** How many receipts say that the replicas did not confirm. */
	long unreplicated() {
		return this.confirmed.values().stream().filter((receipt) -> !receipt.replicated()).count();
	}

	/**
	 * Topics of which a client that returns to its first position gets everything since.
	 */
	long recovered() {
		return this.topics.stream().filter((topic) -> {
			LogPage page = Await.result(this.publisher.log().read(topic, this.first(topic), 1_000));
			if (!(page instanceof LogPage.Found found)) {
				return false;
			}
			Set<String> texts = new HashSet<>();
			found.messages().forEach((message) -> texts.add(message.content().text()));
			List<String> lost = this.confirmed.entrySet()
				.stream()
				.filter((each) -> each.getValue().topic().equals(topic))
				.filter((each) -> each.getValue().position().seq() > first(topic).seq())
				.map(Map.Entry::getKey)
				.filter((text) -> !texts.contains(text))
				.toList();
			assertThat(lost).as("lost, though the topic goes on").isEmpty();
			return true;
		}).count();
	}

	private Position first(Topic topic) {
		return java.util.Objects.requireNonNull(this.first.get(topic));
	}

	int topics() {
		return TOPICS;
	}

	/** Subscribers that were told of a gap. */
	long told() {
		return this.subscriptions.stream().filter(Subscription::isTold).count();
	}

	/**
	 * Each confirmed message has arrived once, or the subscriber was told; none twice; no
	 * number twice.
	 */
	void check(String name) {
		int delivered = 0;
		int missing = 0;
		List<String> untold = new ArrayList<>();
		for (Subscription each : this.subscriptions) {
			List<String> texts = each.texts();
			assertThat(texts).as("twice").doesNotHaveDuplicates();
			Set<String> known = new HashSet<>(texts);
			delivered += known.size();
			for (String text : this.confirmed.keySet()) {
				if (text.startsWith(each.topic.name() + ' ') && !known.contains(text)) {
					missing++;
					if (!each.isTold()) {
						untold.add(text);
					}
				}
			}
		}
		System.out
			.printf("%s: %d published, %d confirmed (%d of them not replicated), %d failed; %d subscribers received "
					+ "%d, %d were told of a gap, %d confirmed messages are in gaps, %d are missing without one; %d of %d topics "
					+ "recovered%n", name, this.sent, this.confirmed.size(), unreplicated(), this.failures.get(),
					this.subscriptions.size(), delivered, told(), missing - untold.size(), untold.size(), recovered(),
					TOPICS);
		assertThat(untold).isEmpty();
		assertThat(this.confirmed.entrySet()
			.stream()
			.map((each) -> each.getValue().topic() + " " + each.getValue().position())).as("numbers given twice")
			.doesNotHaveDuplicates();
	}

	private Subscription subscribe(Node node, Topic topic) {
		Subscription subscription = new Subscription(topic, new RecordingTransport());
		Connection connection = node.hub.connect("c" + topic.name(), subscription.transport);
		connection.introduce(null, true, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", topic, null, 0, "r"));
		return subscription;
	}

	private Node node() {
		RedisFleet fleet = this.fleets.get();
		RedisBroker broker = fleet.broker(this.options);
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

	@Override
	public void close() {
		this.closing.forEach(Runnable::run);
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

	}

}
