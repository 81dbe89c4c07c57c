package dev.realtime.hub;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.redis.RedisRelay;
import dev.realtime.sequence.redis.RedisTopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Databases;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.api.sync.RedisCommands;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two nodes on PostgreSQL with a counter in Redis, whose transactions are committed in
 * any order or rolled back, while the counter is forgotten again and again.
 */
class HubOnCountedBrokerIT {

	private static final int EACH = 60;

	private static final RedisKeys KEYS = new RedisKeys("rt");

	private final Topic topic = Messages.topic();

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final List<Node> nodes = List.of(node(), node());

	private final Queue<Position> committed = new ConcurrentLinkedQueue<>();

	@AfterEach
	void close() {
		this.nodes.forEach((node) -> {
			node.hub.close();
			node.broker.close();
		});
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void rule4_whatASubscriberHasCanBeComeBackWithOnAnotherNodeAndOrderHolds() {
		Client first = new Client(this.nodes.get(0), "first", null);
		Await.until(() -> assertThat(first.transport.frames).isNotEmpty());
		String epoch = Await.result(this.nodes.get(0).broker.log().heads(List.of(this.topic))).get(0).epoch();
		ExecutorService pool = Executors.newFixedThreadPool(6);
		List<CompletableFuture<Void>> publishers = IntStream.range(0, 6)
			.mapToObj((i) -> CompletableFuture.runAsync(() -> {
				JdbcBroker broker = this.nodes.get(i % 2).broker;
				IntStream.range(0, EACH).forEach((j) -> publish(broker, i < 2));
			}, pool))
			.toList();
		CompletableFuture<Void> all = CompletableFuture.allOf(publishers.toArray(CompletableFuture[]::new));
		RedisCommands<byte[], byte[]> commands = this.fleet.commands();
		List<Client> returned = new ArrayList<>();
		while (!all.isDone()) {
			commands.flushall();
			List<Long> seqs = first.transport.seqs();
			if (!seqs.isEmpty() && returned.size() < 100) {
				returned.add(new Client(this.nodes.get(1), "returned" + returned.size(),
						new Position(epoch, seqs.get(seqs.size() - 1))));
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
		Await.result(all);
		pool.shutdown();

		List<Long> expected = this.committed.stream().map(Position::seq).sorted().toList();
		assertThat(expected).doesNotHaveDuplicates();
		Await.until(() -> assertThat(first.transport.seqs()).isEqualTo(expected));
		assertThat(first.transport.others()).hasSize(1);
		assertThat(returned).hasSizeGreaterThan(5);
		for (Client client : returned) {
			long resume = Objects.requireNonNull(client.resume).seq();
			Await.until(() -> assertThat(client.transport.seqs())
				.isEqualTo(expected.stream().filter((seq) -> seq > resume).toList()));
			assertThat(client.transport.others()).hasSize(1).allMatch((frame) -> frame.contains(" RECOVERED "));
		}
	}

	private void publish(JdbcBroker broker, boolean queued) {
		if (queued) {
			this.committed
				.add(Await.result(broker.publish(Messages.text(this.topic, "m"), TopicPolicy.DEFAULT)).position());
			return;
		}
		try (java.sql.Connection connection = Databases.postgresql().getConnection()) {
			connection.setAutoCommit(false);
			StoredPublication stored = broker.publishIn(connection, Messages.text(this.topic, "m"),
					TopicPolicy.DEFAULT);
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(ThreadLocalRandom.current().nextLong(10_000)));
			if (ThreadLocalRandom.current().nextInt(5) == 0) {
				connection.rollback();
				broker.abandon(stored);
			}
			else {
				connection.commit();
				this.committed.add(stored.receipt().position());
				broker.announceCommitted(stored);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Node node() {
		RedisLink link = this.fleet.link();
		JdbcBroker broker = new JdbcBroker(Databases.postgresql(),
				new RedisRelay(this.fleet.client(), link, KEYS, Duration.ofSeconds(2), new Loops()),
				new RedisTopicCounter(link, KEYS), JdbcBrokerOptions.DEFAULT.withHoleGrace(Duration.ofMillis(500)),
				Clock.systemUTC(), new Loops());
		Hub hub = new Hub(HubOptions.DEFAULT, broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
				ConnectionListener.NONE);
		broker.start(hub);
		hub.start();
		return new Node(broker, hub);
	}

	private record Node(JdbcBroker broker, Hub hub) {
	}

	/** A client of one node, new or returning. */
	private final class Client {

		private final RecordingTransport transport = new RecordingTransport();

		private final @Nullable Position resume;

		Client(Node node, String id, @Nullable Position resume) {
			this.resume = resume;
			Connection connection = node.hub.connect(id, this.transport);
			connection.introduce(null, true, Duration.ZERO, Duration.ZERO);
			connection.subscribe(new SubscribeRequest("sub-0", HubOnCountedBrokerIT.this.topic, resume, 0, "r"));
		}

	}

}
