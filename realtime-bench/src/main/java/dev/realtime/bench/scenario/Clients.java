package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.List;

import dev.realtime.bench.load.CentrifugoDialect;
import dev.realtime.bench.load.Dialect;
import dev.realtime.bench.load.Load;
import dev.realtime.bench.load.Peer;
import dev.realtime.bench.load.Publisher;
import dev.realtime.bench.load.SocketIoDialect;
import dev.realtime.bench.load.StompDialect;

/** The clients of most scenarios: subscribers spread over topics, and one publisher. */
final class Clients implements AutoCloseable {

	private static final Duration CONNECTING = Duration.ofMinutes(2);

	final Load load;

	final List<Peer> peers;

	final Publisher publisher;

	/** Spring's simple broker sends on a pool of threads, which keeps no order. */
	private final boolean ordered;

	private final int topics;

	private Clients(Load load, List<Peer> peers, Publisher publisher, int topics, boolean ordered) {
		this.load = load;
		this.peers = peers;
		this.publisher = publisher;
		this.topics = topics;
		this.ordered = ordered;
	}

	/**
	 * Connects subscribers, then publishes once on each topic until everybody is served:
	 * from then on each message has exactly {@code count} deliveries.
	 * @param topics how many topics the clients are spread over, evenly
	 */
	static Clients connect(String server, int port, int count, int topics) {
		return connect(server, port, port, count, topics);
	}

	static Clients connect(String server, int subscribersPort, int publisherPort, int count, int topics) {
		return connect(server, subscribersPort, publisherPort, count,
				(topics == 1) ? List.of("bench") : TopicPublisher.topics(topics));
	}

	/** Connects subscribers of this topic. */
	static Clients connectTo(String topic, String server, int port, int count) {
		return connect(server, port, port, count, List.of(topic));
	}

	private static Clients connect(String server, int subscribersPort, int publisherPort, int count,
			List<String> names) {
		int topics = names.size();
		Load load = new Load(dialect(server));
		List<Peer> peers = load.connect(subscribersPort, count, (i) -> names.get(i % topics), (i) -> "", 0);
		load.awaitLive(count, CONNECTING);
		Peer sender = load.connect(publisherPort, 1, (i) -> "", (i) -> "", 0).get(0);
		load.awaitLive(count + 1, CONNECTING);
		Publisher publisher = new Publisher(load, sender, names, count / topics, Settings.BODY);
		Clients clients = new Clients(load, peers, publisher, topics, !server.equals("simple-broker"));
		clients.awaitSubscribed(server, topics, count);
		return clients;
	}

	static Dialect dialect(String server) {
		return switch (server) {
			case "socket.io" -> new SocketIoDialect();
			case "centrifugo" -> new CentrifugoDialect();
			default -> new StompDialect(!server.equals("simple-broker"));
		};
	}

	/** Throws when a client lost, doubled or reordered a message, or was closed. */
	void checkExact(long expectedPerClient) {
		for (Peer peer : this.peers) {
			if (peer.received() != expectedPerClient) {
				throw new IllegalStateException("A client got " + peer.received() + " messages instead of "
						+ expectedPerClient + "; " + this.load.failures());
			}
		}
		checkNoFailures();
	}

	/** Throws when a client did not get exactly what was published on its topic. */
	void checkExactOnEachTopic() {
		long published = this.publisher.published();
		for (int i = 0; i < this.peers.size(); i++) {
			int topic = i % this.topics;
			long expected = published / this.topics + ((topic < published % this.topics) ? 1 : 0);
			if (this.peers.get(i).received() != expected) {
				throw new IllegalStateException("A client got " + this.peers.get(i).received() + " messages instead of "
						+ expected + "; " + this.load.failures());
			}
		}
		checkNoFailures();
	}

	void checkNoFailures() {
		if (this.load.failed() > 0 || (this.ordered && this.load.disordered() > 0)) {
			throw new IllegalStateException(this.load.failed() + " failures and " + this.load.disordered()
					+ " messages out of order, such as " + this.load.failures());
		}
	}

	@Override
	public void close() {
		this.load.close();
	}

	/**
	 * A server without receipts says nothing: it is given a moment, then must be exact.
	 */
	private void awaitSubscribed(String server, int topics, int count) {
		if (server.equals("simple-broker")) {
			java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L + count * 100_000L);
		}
		this.publisher.burst(topics);
	}

}
