package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What only a durable broker whose numbers come from a counter has to show. */
abstract class RedisNumberingContract extends RedisNumberedBrokers {

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

	/** {@link NumberingModel} found it. */
	@Test
	void rule1_aTransactionThatSeesAnOldHeadDoesNotGetANumberWhoseMessageIsTrimmed() throws SQLException {
		JdbcBroker broker = broker(NEVER);
		JdbcBroker other = broker(NEVER);
		TopicPolicy few = Messages.keep(10, Duration.ofHours(1));
		publish(broker, 3);
		try (Connection connection = open()) {
			connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			try (Statement statement = connection.createStatement()) {
				statement.execute("SELECT COUNT(*) FROM realtime_topic");
			}
			IntStream.range(0, 300).forEach((i) -> Await.result(other.publish(Messages.text(this.topic, "m"), few)));
			Await.until(() -> assertThat(latest(other)).hasSizeLessThan(200));
			this.fleet.commands().flushall();

			StoredPublication stored = broker.publishIn(connection, Messages.text(this.topic, "late"), few);
			connection.commit();
			connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
			broker.announceCommitted(stored);

			assertThat(stored.receipt().position().seq()).isEqualTo(304);
		}
		Await.until(() -> assertThat(latest(other)).endsWith(303L, 304L));
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
	void theNumbersOfASequenceThatNobodyPublishesOnAreVoid() {
		JdbcBroker broker = broker(SOON);
		List<Position> taken = LongStream.range(0, 20)
			.mapToObj((i) -> Await.result(broker.sequence().next(this.topic)))
			.toList();

		assertThat(page(broker)).isEqualTo(new LogPage.Found(List.of(), taken.get(19), taken.get(19), false));
		assertThat(publish(broker, 1)).isEqualTo(taken.get(0).withSeq(21));
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

}
