package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.testing.Await;
import dev.realtime.testing.FaultyDataSource;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What one error, one publication or one locked row must not cost the others, on every
 * database.
 */
abstract class JdbcContainmentContract {

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final Topic topic = Messages.topic();

	private final FaultyDataSource faulty = new FaultyDataSource(dataSource());

	private final Messages.Heard heard = new Messages.Heard();

	private final Loops loops = new Loops();

	private final JdbcBroker broker = new JdbcBroker(this.faulty.dataSource(), new LoopbackRelay(),
			JdbcBrokerOptions.DEFAULT.withBatches(500, 1)
				.withReaders(1)
				.withStatementTimeout(LIMIT)
				.withOutbox(Duration.ofMillis(100), Duration.ofMillis(200)),
			Clock.systemUTC(), this.loops);

	protected abstract DataSource dataSource();

	@BeforeEach
	void start() {
		this.broker.start(this.heard);
	}

	@AfterEach
	void close() {
		this.faulty.recover();
		this.broker.close();
	}

	@Test
	void rule9_anErrorWhileStoringEndsThatBatchAlone() {
		this.faulty.failFor("realtime-jdbc-writer");
		CompletableFuture<PublishReceipt> failed = publish(this.topic, "failed");
		assertThatThrownBy(() -> Await.result(failed)).isInstanceOfSatisfying(PublishException.class,
				(failure) -> assertThat(failure.isOutcomeUnknown()).isTrue());

		this.faulty.recover();

		assertThat(Await.result(publish(this.topic, "stored")).position().seq()).isEqualTo(1);
		Await.until(() -> assertThat(this.broker.waiting()).isZero());
	}

	@Test
	void rule9_whatWaitsBehindABatchThatFailedWithAnErrorIsStored() throws SQLException {
		Await.result(publish(this.topic, "first"));
		CompletableFuture<PublishReceipt> failed;
		List<CompletableFuture<PublishReceipt>> waiting;
		try (Connection connection = lock(this.topic)) {
			// the database is at work on it, on the loop for locked topics
			failed = publish(this.topic, "failed");
			Await.until(() -> assertThat(this.broker.waiting()).isEqualTo(1));
			this.faulty.failFor("realtime-jdbc-locked");
			Await.until(() -> assertThat(failed).isCompletedExceptionally());
			this.faulty.recover();
			waiting = IntStream.range(0, 10).mapToObj((i) -> publish(this.topic, "waits")).toList();
			connection.rollback();
		}

		assertThat(waiting.stream().map((each) -> Await.result(each).position().seq())).isSorted();
	}

	@Test
	void rule9_anErrorWhileReadingFailsThatReadAlone() {
		PublishReceipt first = Await.result(publish(this.topic, "first"));
		this.faulty.failFor("realtime-jdbc-reader");
		assertThatThrownBy(() -> Await.result(this.broker.log().read(this.topic, first.position().withSeq(0), 10)))
			.hasRootCauseInstanceOf(OutOfMemoryError.class);

		this.faulty.recover();

		assertThat(texts(this.topic)).hasSize(1);
	}

	@Test
	void rule9_anErrorWhileTheOutboxIsLookedAfterEndsThatLookAlone() throws SQLException {
		Await.result(this.broker.subscribe(this.topic));
		this.faulty.failFor("realtime-jdbc-outbox");
		Await.until(() -> assertThat(this.faulty.failures()).isGreaterThan(3));
		// committed and not announced, as by a node that died
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			this.broker.publishIn(connection, Messages.text(this.topic, "left"), TopicPolicy.DEFAULT);
			connection.commit();
		}
		assertThat(this.loops.states()).filteredOn((loop) -> loop.name().equals("realtime-jdbc-outbox"))
			.allSatisfy((loop) -> assertThat(loop.failures()).isGreaterThan(3));

		this.faulty.recover();

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("left"));
	}

	@Test
	void rule9_aLockedTopicDelaysNoOtherTopicOfItsWriter() throws SQLException {
		Await.result(publish(this.topic, "first"));
		List<Topic> others = IntStream.range(0, 20).mapToObj((i) -> Messages.topic()).toList();
		try (Connection connection = lock(this.topic)) {
			List<CompletableFuture<PublishReceipt>> locked = IntStream.range(0, 3)
				.mapToObj((i) -> publish(this.topic, "locked " + i))
				.toList();
			for (int round = 0; round < 3; round++) {
				long start = System.nanoTime();
				others.stream().map((each) -> publish(each, "free")).toList().forEach(Await::result);
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.dividedBy(2));
				publish(this.topic, "later " + round).exceptionally((failure) -> null);
			}
			connection.rollback();
			locked.forEach(Await::result);
		}

		Await.until(() -> assertThat(texts(this.topic)).containsExactly("first", "locked 0", "locked 1", "locked 2",
				"later 0", "later 1", "later 2"));
	}

	@Test
	void rule9_aPublicationWhoseTopicStaysLockedIsRefusedInTime() throws SQLException {
		Await.result(publish(this.topic, "first"));
		try (Connection connection = lock(this.topic)) {
			long start = System.nanoTime();
			CompletableFuture<PublishReceipt> refused = publish(this.topic, "refused");

			assertThatThrownBy(() -> Await.result(refused))
				.isInstanceOfSatisfying(PublishException.class,
						(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse())
				.hasMessageContaining("another transaction keeps the topic locked");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.plusSeconds(4));
			connection.rollback();
		}

		assertThat(Await.result(publish(this.topic, "next")).position().seq()).isEqualTo(2);
		Await.until(() -> assertThat(this.broker.waiting()).isZero());
	}

	@Test
	void rule9_aTransactionThatMakesATopicDelaysTheOthersForAMomentOnly() throws SQLException {
		Topic other = Messages.topic();
		Await.result(publish(other, "free"));
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			this.broker.publishIn(connection, Messages.text(this.topic, "open"), TopicPolicy.DEFAULT);
			CompletableFuture<PublishReceipt> waiting = publish(this.topic, "waiting");
			long start = System.nanoTime();
			IntStream.range(0, 5).forEach((i) -> Await.result(publish(other, "free")));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.plusSeconds(1));
			connection.commit();

			assertThat(Await.result(waiting).position().seq()).isEqualTo(2);
		}
	}

	@Test
	void rule9_aTransactionThatMakesATopicKeepsNoOtherFromBeingMade() throws SQLException {
		List<Topic> others = IntStream.range(0, 20)
			.mapToObj((i) -> Topic.of(this.topic + "." + (char) ('a' + i)))
			.toList();
		try (Connection connection = dataSource().getConnection(); Connection another = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			another.setAutoCommit(false);
			publishAs("ann", connection, others.get(10));
			publishAs("ann", connection, others.get(5));
			long start = System.nanoTime();
			publishAs("ann", another, others.get(9));
			publishAs("bob", another, others.get(11));
			publishAs("ann", another, others.get(4));
			Stream.concat(others.subList(0, 3).stream(), others.subList(15, 20).stream())
				.map((each) -> publish(each, "new"))
				.toList()
				.forEach(Await::result);
			Await.result(publish(others.get(12), "new"));

			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
			another.commit();
			connection.commit();
		}
	}

	private void publishAs(String sender, Connection connection, Topic on) {
		Publication publication = Publication.to(on)
			.content(Content.text("text"))
			.sender(sender)
			.id("id " + on)
			.build();
		this.broker.publishIn(connection, publication, TopicPolicy.DEFAULT);
	}

	@Test
	void whatWaitsForALockedTopicFailsClearlyWhenTheBrokerCloses() throws SQLException {
		Await.result(publish(this.topic, "first"));
		try (Connection connection = lock(this.topic)) {
			List<CompletableFuture<PublishReceipt>> locked = IntStream.range(0, 3)
				.mapToObj((i) -> publish(this.topic, "locked"))
				.toList();
			Await.result(publish(Messages.topic(), "free"));

			this.broker.close();

			assertThat(locked).allMatch(CompletableFuture::isCompletedExceptionally);
			connection.rollback();
		}
	}

	@Test
	void aTransactionDoesNotAskForTheIsolationEachTime() {
		Await.result(publish(this.topic, "first"));
		int before = this.faulty.isolationQuestions();

		IntStream.range(0, 50).forEach((i) -> Await.result(publish(this.topic, "text")));

		if (comesWithReadCommitted()) {
			assertThat(this.faulty.isolationQuestions() - before).isLessThan(5);
		}
	}

	protected boolean comesWithReadCommitted() {
		return true;
	}

	private List<String> texts(Topic of) {
		return Messages.found(Await.result(this.broker.log().readBefore(of, null, 100)))
			.messages()
			.stream()
			.map((message) -> message.content().text())
			.toList();
	}

	private CompletableFuture<PublishReceipt> publish(Topic on, String text) {
		Publication publication = Messages.text(on, text);
		return this.broker.publish(publication, TopicPolicy.DEFAULT).toCompletableFuture();
	}

	/** A transaction of the application's that keeps a topic's row locked. */
	private Connection lock(Topic locked) throws SQLException {
		Connection connection = dataSource().getConnection();
		connection.setAutoCommit(false);
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT topic FROM realtime_topic WHERE topic = ? FOR UPDATE")) {
			statement.setString(1, locked.name());
			assertThat(statement.executeQuery().next()).isTrue();
		}
		return connection;
	}

}
