package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.bench.load.Load;
import dev.realtime.bench.load.Peer;
import dev.realtime.bench.load.Publisher;
import dev.realtime.bench.load.ReturningClients;

/** Publishes once a second on each topic, and knows how many messages each has had. */
final class TopicPublisher {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final ReturningClients clients;

	private final List<String> topics;

	private final Publisher publisher;

	/** Connects it, beside clients that are live. */
	TopicPublisher(Load load, int port, List<String> topics, ReturningClients clients) {
		int live = load.live();
		Peer peer = load.connect(port, 1, (i) -> "", (i) -> "", 0).get(0);
		load.awaitLive(live + 1, PATIENCE);
		this.clients = clients;
		this.topics = topics;
		this.publisher = new Publisher(load, peer, topics, 0, Settings.BODY);
	}

	/** The names of so many topics on which clients may publish. */
	static List<String> topics(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "bench." + i).toList();
	}

	/** Publishes so many messages on each topic, which all clients get. */
	void publishOnEach(int count) {
		for (int i = 0; i < count; i++) {
			this.publisher.publish(this.topics.size());
			awaitDelivered();
		}
	}

	/** Publishes once a second on each topic until {@link #stop()}. */
	void start() {
		this.publisher.rate(this.topics.size());
	}

	void stop() {
		this.publisher.stop(0);
	}

	/** Waits until as many messages have arrived as clients must get. */
	void awaitDelivered() {
		this.clients.awaitReceived(this::published, PATIENCE);
	}

	/** How many messages the topic has had: they are published in turn. */
	long published(String topic) {
		long all = this.publisher.published();
		return all / this.topics.size() + ((this.topics.indexOf(topic) < all % this.topics.size()) ? 1 : 0);
	}

}
