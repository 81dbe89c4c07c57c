package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.FaultyDataSource;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What only a durable broker whose numbers come from a counter has to show. */
abstract class RedisNumberingContract {

	private static final Duration NEVER = Duration.ofMinutes(30);

	private static final Duration SOON = Duration.ofMillis(300);

	private final Topic topic = Messages.topic();

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final List<JdbcBroker> brokers = new ArrayList<>();

	protected abstract DataSource dataSource();

	@AfterEach
	void close() {
		this.brokers.forEach(JdbcBroker::close);
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void rule3_aReaderStopsBeforeANumberWhoseTransactionIsOpenAndGoesOnAfterItsCommit() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		JdbcBroker other = broker(NEVER);
		Position fourth = publish(broker, 4);
		try (Connection connection = open()) {
			StoredPublication fifth = publishIn(broker, connection, "fifth");
			assertThat(publish(other, 1)).isEqualTo(fourth.withSeq(6));

			assertThat(fifth.receipt().position()).isEqualTo(fourth.withSeq(5));
			assertThat(page(other).through()).isEqualTo(fourth);
			assertThat(page(broker).head()).isEqualTo(fourth);
			assertThat(seqs(other)).containsExactly(1L, 2L, 3L, 4L);
			assertThat(head(other)).isEqualTo(fourth);
			assertThat(latest(other)).containsExactly(1L, 2L, 3L, 4L);
			connection.commit();
			broker.announceCommitted(fifth);
		}

		Await.until(() -> assertThat(head(other)).isEqualTo(fourth.withSeq(6)));
		assertThat(seqs(other)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
		assertThat(latest(other)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
	}

	@Test
	void whatADeadNodeCommittedIsFoundByAReader() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		try (Connection connection = open()) {
			publishIn(broker, connection, "first");
			connection.commit();
		}

		assertThat(seqs(broker)).containsExactly(1L);
	}

	@Test
	void aNumberWhoseTransactionStaysOpenLongerThanTheGraceIsNotMadeVoid() throws SQLException {
		JdbcBroker broker = broker(SOON);
		Position fourth = publish(broker, 4);
		try (Connection connection = open()) {
			publishIn(broker, connection, "fifth");
			publish(broker, 1);

			await().during(Duration.ofMillis(2_500))
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(head(broker)).isEqualTo(fourth));
			connection.commit();
		}

		Await.until(() -> assertThat(seqs(broker)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L));
	}

	@Test
	void aNumberOfATransactionThatWasRolledBackIsVoidAtOnce() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		publish(broker, 4);
		StoredPublication fifth;
		try (Connection connection = open()) {
			fifth = publishIn(broker, connection, "never");
			publish(broker, 1);
			connection.rollback();
		}
		broker.abandon(fifth);

		Await.until(() -> assertThat(seqs(broker)).containsExactly(1L, 2L, 3L, 4L, 6L));
		Await.until(() -> assertThat(head(broker).seq()).isEqualTo(6));
	}

	@Test
	void abandoningWhatIsCommittedChangesNothing() throws SQLException {
		JdbcBroker broker = broker(SOON);
		try (Connection connection = open()) {
			StoredPublication first = publishIn(broker, connection, "first");
			connection.commit();
			broker.abandon(first);
		}
		publish(broker, 1);

		Await.until(() -> assertThat(seqs(broker)).containsExactly(1L, 2L));
	}

	@Test
	void aNumberOfAPublisherThatDiedIsVoidAfterTheGrace() {
		JdbcBroker broker = broker(SOON);
		Position fourth = publish(broker, 4);
		assertThat(Await.result(counter().take(this.topic, fourth.epoch(), 1, 0))).isEqualTo(5);
		assertThat(publish(broker, 1).seq()).isEqualTo(6);
		assertThat(seqs(broker)).containsExactly(1L, 2L, 3L, 4L);

		Await.until(() -> assertThat(head(broker).seq()).isEqualTo(6));
		assertThat(seqs(broker)).containsExactly(1L, 2L, 3L, 4L, 6L);
	}

	@Test
	void rule1_aPublisherThatComesTooLateWithItsNumberGetsAnotherOne() {
		SlowCounter slow = new SlowCounter(counter());
		JdbcBroker late = broker(SOON, slow);
		JdbcBroker broker = broker(SOON);
		publish(broker, 4);
		slow.hold();
		CompletableFuture<PublishReceipt> receipt = late
			.publish(Messages.text(this.topic, "late"), Messages.keep(10, Duration.ofHours(1)))
			.toCompletableFuture();
		Await.until(() -> assertThat(slow.isHolding()).isTrue());
		publish(broker, 1);
		Await.until(() -> assertThat(head(broker).seq()).isEqualTo(6));

		slow.release();

		assertThat(Await.result(receipt).position().seq()).isEqualTo(7);
		assertThat(seqs(broker)).containsExactly(1L, 2L, 3L, 4L, 6L, 7L);
	}

	@Test
	void rule1_aNumberWhoseVoidRowIsTrimmedAlreadyIsNotUsedInATransaction() throws Exception {
		SlowCounter slow = new SlowCounter(counter());
		JdbcBroker late = broker(SOON, slow);
		JdbcBroker broker = broker(SOON);
		TopicPolicy few = Messages.keep(10, Duration.ofHours(1));
		publish(broker, 4);
		slow.hold();
		CompletableFuture<PublishReceipt> receipt = CompletableFuture.supplyAsync(() -> {
			try (Connection connection = open()) {
				StoredPublication stored = late.publishIn(connection, Messages.text(this.topic, "late"), few);
				connection.commit();
				late.announceCommitted(stored);
				return stored.receipt();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		Await.until(() -> assertThat(slow.isHolding()).isTrue());
		publish(broker, 1);
		Await.until(() -> assertThat(head(broker).seq()).isEqualTo(6));
		IntStream.range(0, 300).forEach((i) -> Await.result(broker.publish(Messages.text(this.topic, "m"), few)));
		Await.until(() -> assertThat(latest(broker)).hasSizeLessThan(200));

		slow.release();

		assertThat(Await.result(receipt).position().seq()).isEqualTo(307);
		Await.until(() -> assertThat(latest(broker)).endsWith(306L, 307L));
	}

	@Test
	void manyTransactionsOnOneTopicAreOpenAtTheSameTimeAndCommitInAnyOrder() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		publish(broker, 1);
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			connections.add(open());
			publishIn(broker, connections.get(i), "text");
		}
		for (int i = 7; i >= 0; i--) {
			connections.get(i).commit();
			connections.get(i).close();
			assertThat(seqs(broker)).hasSize((i == 0) ? 9 : 1);
		}
	}

	@Test
	void rule1_numbersOfOneTransactionRiseAlsoWhenTheCounterForgetsAndOthersSetItAgain() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		JdbcBroker other = broker(NEVER);
		publish(other, 3);
		try (Connection connection = open()) {
			List<Long> seqs = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				seqs.add(publishIn(broker, connection, "text").receipt().position().seq());
				this.fleet.commands().flushall();
			}
			connection.commit();
			assertThat(seqs).isSorted().doesNotHaveDuplicates().startsWith(4L);
		}
		publish(other, 3);

		Await.until(() -> assertThat(seqs(other)).hasSize(11));
	}

	@Test
	void anIdThatAnOpenTransactionPublishesIsADuplicateAfterItsCommitAndFreeAfterARollback() throws SQLException {
		JdbcBroker broker = broker(SOON);
		JdbcBroker other = broker(SOON);
		for (boolean commit : new boolean[] { true, false }) {
			Publication publication = Publication.to(this.topic).id("id " + commit).build();
			try (Connection connection = open()) {
				StoredPublication first = broker.publishIn(connection, publication, TopicPolicy.DEFAULT);
				CompletableFuture<PublishReceipt> second = other.publish(publication, TopicPolicy.DEFAULT)
					.toCompletableFuture();
				await().during(Duration.ofMillis(200)).until(() -> !second.isDone());
				if (commit) {
					connection.commit();
				}
				else {
					connection.rollback();
				}
				PublishReceipt receipt = Await.result(second);
				assertThat(receipt.duplicate()).isEqualTo(commit);
				assertThat(receipt.position().equals(first.receipt().position())).isEqualTo(commit);
			}
		}
		publish(broker, 1);

		Await.until(() -> assertThat(seqs(broker)).hasSize(3));
	}

	@Test
	void theSameIdsOnTwoBrokersArePublishedOnce() {
		List<JdbcBroker> both = List.of(broker(SOON), broker(SOON));
		List<List<CompletableFuture<PublishReceipt>>> calls = both.stream()
			.parallel()
			.map((broker) -> IntStream.range(0, 300)
				.mapToObj((i) -> broker.publish(Publication.to(this.topic).id("id" + i).build(), TopicPolicy.DEFAULT)
					.toCompletableFuture())
				.toList())
			.toList();

		List<List<PublishReceipt>> receipts = calls.stream()
			.map((each) -> each.stream().map(Await::result).toList())
			.toList();

		IntStream.range(0, 300).forEach((i) -> {
			List<PublishReceipt> two = List.of(receipts.get(0).get(i), receipts.get(1).get(i));
			assertThat(two).extracting(PublishReceipt::position).containsOnly(two.get(0).position());
			assertThat(two).extracting(PublishReceipt::duplicate).containsExactlyInAnyOrder(true, false);
		});
		Await.until(() -> assertThat(seqs(both.get(0))).hasSize(300));
	}

	@Test
	void whileRedisIsAwayTheLogNumbersAndNoNumberIsUsedTwice() {
		JdbcBroker broker = broker(SOON);
		JdbcBroker other = broker(SOON);
		List<Long> seqs = new ArrayList<>();
		seqs.add(publish(broker, 2).seq());

		this.redis.stop();
		for (int i = 0; i < 3; i++) {
			seqs.add(publish(broker, 1).seq());
			seqs.add(publish(other, 1).seq());
		}
		this.redis.restart();
		for (int i = 0; i < 50; i++) {
			seqs.add(publish(broker, 1).seq());
			seqs.add(publish(other, 1).seq());
		}

		assertThat(seqs).isSorted().doesNotHaveDuplicates();
		Await.until(() -> assertThat(seqs(broker)).hasSize(seqs.size() + 1));
	}

	@Test
	void theNumbersOfASequenceThatNobodyPublishesOnAreVoid() {
		JdbcBroker broker = broker(SOON);
		List<Position> taken = LongStream.range(0, 20)
			.mapToObj((i) -> Await.result(broker.sequence().next(this.topic)))
			.toList();

		assertThat(page(broker)).isEqualTo(new LogPage.Found(List.of(), taken.get(19), taken.get(19), false));
		assertThat(publish(broker, 1)).isEqualTo(taken.get(0).withSeq(21));
	}

	@Test
	void aTopicThatSomebodyKeepsLockedDoesNotKeepTheOthersOutboxWaiting() throws SQLException {
		// it looks for nothing that others left
		JdbcBroker broker = start(JdbcBrokerOptions.DEFAULT.withOutbox(NEVER, NEVER), counter(), new Messages.Heard());
		Topic other = Messages.topic();
		publish(broker, 1);
		try (Connection locking = open(); Connection connection = open()) {
			publishIn(broker, connection, "kept");
			broker.publishIn(connection, Messages.text(other, "kept"), TopicPolicy.DEFAULT);
			connection.commit();
			try (Statement statement = locking.createStatement()) {
				statement.execute("UPDATE realtime_topic SET updated_at = 1 WHERE topic = '" + this.topic + "'");
			}
			Messages.Heard heard = new Messages.Heard();
			JdbcBroker polling = start(JdbcBrokerOptions.DEFAULT.withStatementTimeout(Duration.ofSeconds(1))
				.withOutbox(Duration.ofMillis(100), Duration.ofMillis(100)), counter(), heard);
			Await.result(polling.subscribe(other));
			Await.result(polling.subscribe(this.topic));

			Await.until(() -> assertThat(heard.messages()).extracting(TopicMessage::topic).contains(other));
			assertThat(heard.messages()).extracting(TopicMessage::topic).doesNotContain(this.topic);
			locking.rollback();
			Await.until(() -> assertThat(heard.messages()).extracting(TopicMessage::topic).contains(this.topic));
		}
	}

	@Test
	void rule9_anErrorWhileHeadsAreMovedEndsThatAttemptAlone() throws SQLException {
		FaultyDataSource faulty = new FaultyDataSource(dataSource());
		Messages.Heard heard = new Messages.Heard();
		JdbcBroker broker = start(faulty.dataSource(), JdbcBrokerOptions.DEFAULT.withOutbox(NEVER, NEVER), counter(),
				heard);
		Await.result(broker.subscribe(this.topic));
		try (Connection connection = open()) {
			faulty.failFor("realtime-jdbc-heads");
			StoredPublication failed = publishIn(broker, connection, "failed");
			connection.commit();
			broker.announceCommitted(failed);
			Await.until(() -> assertThat(faulty.failures()).isPositive());
			faulty.recover();
			StoredPublication next = publishIn(broker, connection, "next");
			connection.commit();
			broker.announceCommitted(next);
		}

		Await.until(() -> assertThat(heard.texts()).containsExactly("next"));
		assertThat(seqs(broker)).containsExactly(1L, 2L);
	}

	@Test
	void rule9_anErrorWhileHolesAreFilledEndsThatAttemptAlone() {
		FaultyDataSource faulty = new FaultyDataSource(dataSource());
		JdbcBroker broker = start(faulty.dataSource(), JdbcBrokerOptions.DEFAULT.withHoleGrace(SOON), counter(),
				new Messages.Heard());
		Position first = publish(broker, 1);
		faulty.failFor("realtime-jdbc-holes");
		assertThat(Await.result(counter().take(this.topic, first.epoch(), 1, 0))).isEqualTo(2);
		assertThat(publish(broker, 1).seq()).isEqualTo(3);
		Await.until(() -> assertThat(faulty.failures()).isGreaterThan(2));

		faulty.recover();

		Await.until(() -> assertThat(seqs(broker)).containsExactly(1L, 3L));
	}

	@Test
	void rule9_aLockedTopicDelaysOthersAndItsOwnPublishersOnceOnly() throws SQLException {
		Messages.Heard heard = new Messages.Heard();
		JdbcBroker broker = start(dataSource(), JdbcBrokerOptions.DEFAULT.withBatches(500, 1)
			.withOutbox(Duration.ofMillis(100), Duration.ofMillis(100)), counter(), heard);
		Topic other = Messages.topic();
		Await.result(broker.subscribe(this.topic));
		publish(broker, 1);
		Await.result(broker.publish(Messages.text(other, "text"), TopicPolicy.DEFAULT));
		try (Connection locking = open(); Statement statement = locking.createStatement()) {
			statement.execute("UPDATE realtime_topic SET updated_at = 1 WHERE topic = '" + this.topic + "'");
			assertThat(publish(broker, 1).seq()).isEqualTo(2);
			long start = System.nanoTime();
			assertThat(publish(broker, 1).seq()).isEqualTo(3);
			Await.result(broker.publish(Messages.text(other, "text"), TopicPolicy.DEFAULT));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
			assertThat(Messages.seqs(heard.messages())).containsOnly(1L);
			locking.rollback();
		}

		Await.until(() -> assertThat(Messages.seqs(heard.messages())).contains(1L, 2L, 3L));
		assertThat(seqs(broker)).containsExactly(1L, 2L, 3L);
	}

	@Test
	void rule9_numbersThatOpenTransactionsKeepDelayNoOtherHoleForLong() throws SQLException {
		JdbcBroker broker = broker(SOON);
		JdbcBroker other = broker(SOON);
		Position first = publish(broker, 1);
		try (Connection connection = open()) {
			List<Topic> kept = IntStream.range(0, 15).mapToObj((i) -> Messages.topic()).toList();
			kept.forEach((each) -> Await.result(other.publish(Messages.text(each, "text"), TopicPolicy.DEFAULT)));
			kept.forEach((each) -> broker.publishIn(connection, Messages.text(each, "open"), TopicPolicy.DEFAULT));
			kept.forEach((each) -> Await.result(other.publish(Messages.text(each, "text"), TopicPolicy.DEFAULT)));
			// they have been waited for
			await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
			assertThat(Await.result(counter().take(this.topic, first.epoch(), 1, 0))).isEqualTo(2);
			assertThat(publish(other, 1).seq()).isEqualTo(3);

			await().atMost(Duration.ofSeconds(6)).untilAsserted(() -> assertThat(seqs(other)).containsExactly(1L, 3L));
			connection.rollback();
		}
	}

	@Test
	void aTopicCanBeNumberedByTheLogAfterACounterAndByACounterAfterTheLog() {
		JdbcBroker counting = broker(NEVER);
		Position third = publish(counting, 3);
		assertThat(Await.result(counter().take(this.topic, third.epoch(), 1, 0))).isEqualTo(4);
		assertThat(publish(counting, 2)).isEqualTo(third.withSeq(6));
		JdbcBroker logging = broker(NEVER, null);

		assertThat(publish(logging, 1)).isEqualTo(third.withSeq(4));
		assertThat(publish(logging, 1)).isEqualTo(third.withSeq(7));
		assertThat(publish(counting, 1)).isEqualTo(third.withSeq(8));
		assertThat(seqs(logging)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
	}

	private JdbcBroker broker(Duration grace) {
		return broker(grace, counter());
	}

	private JdbcBroker broker(Duration grace, @Nullable TopicCounter counter) {
		return start(JdbcBrokerOptions.DEFAULT.withHoleGrace(grace), counter, new Messages.Heard());
	}

	private JdbcBroker start(JdbcBrokerOptions options, @Nullable TopicCounter counter, Messages.Heard heard) {
		return start(dataSource(), options, counter, heard);
	}

	private JdbcBroker start(DataSource pool, JdbcBrokerOptions options, @Nullable TopicCounter counter,
			Messages.Heard heard) {
		JdbcBroker broker = new JdbcBroker(pool, new LoopbackRelay(), counter, options, Clock.systemUTC(), new Loops());
		broker.start(heard);
		this.brokers.add(broker);
		return broker;
	}

	private TopicCounter counter() {
		return new RedisTopicCounter(this.fleet.link(), new RedisKeys("rt"));
	}

	private Connection open() throws SQLException {
		Connection connection = dataSource().getConnection();
		connection.setAutoCommit(false);
		return connection;
	}

	private Position publish(JdbcBroker broker, int count) {
		Position last = null;
		for (int i = 0; i < count; i++) {
			last = Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)).position();
		}
		return Objects.requireNonNull(last);
	}

	private StoredPublication publishIn(JdbcBroker broker, Connection connection, String text) {
		return broker.publishIn(connection, Messages.text(this.topic, text), TopicPolicy.DEFAULT);
	}

	private Position head(JdbcBroker broker) {
		return Await.result(broker.log().heads(List.of(this.topic))).get(0);
	}

	private LogPage.Found page(JdbcBroker broker) {
		return Messages.found(Await.result(broker.log().read(this.topic, head(broker).withSeq(0), 1_000)));
	}

	private List<Long> seqs(JdbcBroker broker) {
		return Messages.seqs(page(broker).messages());
	}

	private List<Long> latest(JdbcBroker broker) {
		List<TopicMessage> messages = Messages.found(Await.result(broker.log().readBefore(this.topic, null, 1_000)))
			.messages();
		return Messages.seqs(messages);
	}

}
