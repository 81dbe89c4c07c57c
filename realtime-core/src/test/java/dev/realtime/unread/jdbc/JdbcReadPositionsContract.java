package dev.realtime.unread.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.ReadPositionsContract;
import dev.realtime.unread.Unread;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What read positions in a database keep to, whichever it is. */
abstract class JdbcReadPositionsContract extends ReadPositionsContract {

	private final JdbcBroker broker = new JdbcBroker(dataSource(), new LoopbackRelay(), counter(),
			JdbcBrokerOptions.DEFAULT, Clock.systemUTC(), new Loops());

	private final JdbcCalls calls = new JdbcCalls(new Loops(), "realtime-jdbc-reader", 4, 10_000);

	private final JdbcReadPositions positions = new JdbcReadPositions(
			new JdbcDatabase(dataSource(), Duration.ofSeconds(5)), this.calls);

	protected abstract DataSource dataSource();

	/** What numbers, or null for the log. */
	protected @Nullable TopicCounter counter() {
		return null;
	}

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
	}

	@AfterEach
	void close() {
		this.broker.close();
		this.calls.close();
	}

	@Override
	protected Broker broker() {
		return this.broker;
	}

	@Override
	protected ReadPositions positions() {
		return this.positions;
	}

	@Test
	void whatIsRolledBackIsNotCounted() throws SQLException {
		publish("bob");
		Publication own = Publication.to(this.topic).sender("ann").build();
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			StoredPublication never = this.broker.publishIn(connection, own, TopicPolicy.DEFAULT);
			connection.rollback();
			this.broker.abandon(never);
			assertThat(unread("ann").unread()).isEqualTo(1);
			StoredPublication stored = this.broker.publishIn(connection, own, TopicPolicy.DEFAULT);
			connection.commit();
			this.broker.announceCommitted(stored);
			connection.setAutoCommit(true);
		}

		// where a counter numbers the head moves right after the commit
		Await.until(() -> assertThat(unread("bob").unread()).isEqualTo(1));
		assertThat(unread("ann")).isEqualTo(new Unread(this.topic, unread("bob").latest(), 0, 1));
	}

	@Test
	void anOwnMessageBehindTheHeadHidesNothingUnread() throws SQLException {
		Position last = publish(6, "bob");
		Publication open = Publication.to(this.topic).sender("bob").build();
		Publication own = Publication.to(this.topic).sender("ann").build();
		try (Connection holding = dataSource().getConnection(); Connection connection = dataSource().getConnection()) {
			holding.setAutoCommit(false);
			connection.setAutoCommit(false);
			StoredPublication first = this.broker.publishIn(holding, open, TopicPolicy.DEFAULT);
			// Where the log numbers it waits for the one before, so there is nothing to
			// hide.
			if (counter() != null) {
				this.broker.publishIn(connection, own, TopicPolicy.DEFAULT);
				connection.commit();
			}
			assertThat(mark("ann", last.withSeq(4)).unread()).isEqualTo(2);
			holding.rollback();
			this.broker.abandon(first);
			holding.setAutoCommit(true);
			connection.setAutoCommit(true);
		}
	}

	@Test
	void anotherEpochOfTheTopicReplacesThePosition() throws SQLException {
		Position old = publish(5, "ann");
		publish(5, "bob");
		mark("ann", old.withSeq(8));
		mark("bob", old.withSeq(2));
		beginNewEpoch();
		Position fresh = publish(3, "bob");

		assertThat(fresh.sameEpoch(old)).isFalse();
		assertThat(unread("ann")).isEqualTo(new Unread(this.topic, fresh, 0, 3));
		assertThat(unread("bob")).isEqualTo(new Unread(this.topic, fresh, 0, 0));
		assertThat(mark("ann", old.withSeq(9)).read()).isZero();
		assertThat(mark("ann", fresh.withSeq(1))).isEqualTo(new Unread(this.topic, fresh, 1, 2));
		publish("ann");
		assertThat(unread("ann").unread()).isEqualTo(2);
	}

	/** As if a backup without this topic had been put back. */
	private void beginNewEpoch() throws SQLException {
		try (Connection connection = dataSource().getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("DELETE FROM realtime_message WHERE topic = '" + this.topic + "'");
			statement.execute("DELETE FROM realtime_topic WHERE topic = '" + this.topic + "'");
		}
	}

	@Test
	void countsAreExactWhileManyPublishReadAndAsk() {
		Map<Long, String> senders = new ConcurrentHashMap<>();
		List<Reader> readers = Stream.of("ann", "bob", "eve")
			.map((user) -> new Reader(user, new AtomicLong()))
			.toList();
		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (Reader reader : readers) {
			String user = reader.user();
			all.add(CompletableFuture.runAsync(() -> IntStream.range(0, 150).forEach((i) -> {
				Publication own = Publication.to(this.topic).content(Content.text("text")).sender(user).build();
				senders.put(Await.result(this.broker.publish(own, TopicPolicy.DEFAULT)).position().seq(), user);
				if (i % 10 == 0) {
					senders.put(Await.result(this.broker.sequence().next(this.topic)).seq(), "void");
				}
			})));
			all.add(CompletableFuture.runAsync(() -> IntStream.range(0, 100).forEach((i) -> {
				Unread before = unread(user);
				assertThat(before.unread()).isBetween(0L, before.latest().seq() - before.read());
				long seq = ThreadLocalRandom.current().nextLong(before.latest().seq() + 1);
				Unread after = Await.result(this.positions.markRead(user, this.topic, before.latest().withSeq(seq)));
				assertThat(after.read()).isGreaterThanOrEqualTo(Math.max(seq, before.read()));
				reader.furthest().accumulateAndGet(seq, Math::max);
			})));
		}
		all.forEach((each) -> Await.result(each));

		for (Reader reader : readers) {
			String user = reader.user();
			long read = reader.furthest().get();
			assertThat(unread(user).read()).isEqualTo(read);
			long expected = senders.entrySet()
				.stream()
				.filter((each) -> each.getKey() > read && !each.getValue().equals("void")
						&& !each.getValue().equals(user))
				.count();
			Await.until(() -> assertThat(unread(user).unread()).isEqualTo(expected));
		}
	}

	@Test
	void firstMessagesOfDifferentUsersInTransactionsDoNotMeet() {
		List<Topic> topics = IntStream.range(0, 6).mapToObj((i) -> Topic.of(this.topic.name() + '.' + i)).toList();
		topics.forEach((each) -> publish(each, null, TopicPolicy.DEFAULT));
		CyclicBarrier together = new CyclicBarrier(topics.size());

		List<CompletableFuture<Void>> all = topics.stream()
			.map((each) -> CompletableFuture.runAsync(() -> publishFirsts(each, together),
					(task) -> new Thread(task).start()))
			.toList();
		all.forEach((each) -> Await.result(each));

		Await.until(() -> assertThat(topics).allSatisfy((each) -> assertThat(
				Await.result(this.positions.unread("user 0 of " + each, List.of(each))).get(0).unread())
			.isEqualTo(10)));
	}

	private void publishFirsts(Topic topic, CyclicBarrier together) {
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			for (int i = 0; i < 10; i++) {
				together.await(10, TimeUnit.SECONDS);
				StoredPublication stored = this.broker.publishIn(connection,
						Publication.to(topic).sender("user " + i + " of " + topic).build(), TopicPolicy.DEFAULT);
				connection.commit();
				this.broker.announceCommitted(stored);
			}
			connection.setAutoCommit(true);
		}
		catch (SQLException | InterruptedException | BrokenBarrierException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void twoDevicesThatReadAtOnceEndAtTheFurther() {
		Position last = publish(100, "bob");
		List<CompletableFuture<Unread>> marks = IntStream.range(0, 100)
			.mapToObj((i) -> this.positions.markRead("ann", this.topic, last.withSeq((i * 37) % 100))
				.toCompletableFuture())
			.toList();
		marks.forEach(Await::result);

		assertThat(unread("ann")).isEqualTo(new Unread(this.topic, last, 99, 1));
	}

	private record Reader(String user, AtomicLong furthest) {
	}

}
