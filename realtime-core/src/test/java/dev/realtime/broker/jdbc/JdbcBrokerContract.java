package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.log.LogPage;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.MovableClock;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a durable broker keeps to on every database. */
abstract class JdbcBrokerContract extends BrokerContract {

	private static final JdbcBrokerOptions QUICK = JdbcBrokerOptions.DEFAULT.withOutbox(Duration.ofMillis(100),
			Duration.ofMillis(200));

	private final MovableClock clock = new MovableClock();

	private final List<JdbcBroker> nodes = new ArrayList<>();

	protected abstract DataSource dataSource();

	/** What numbers, or null for the log. */
	protected @Nullable TopicCounter counter() {
		return null;
	}

	/** Whether a number whose transaction was rolled back is given to the next one. */
	private boolean reusesNumbers() {
		return counter() == null;
	}

	@Override
	protected Broker create() {
		return new JdbcBroker(dataSource(), new LoopbackRelay(), counter(), JdbcBrokerOptions.DEFAULT, this.clock,
				new Loops());
	}

	/** Each broker has a relay that reaches itself only. */
	@Override
	protected boolean isFleet() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		this.clock.move(time);
		Await.until(assertion);
	}

	@AfterEach
	void closeNodes() {
		this.nodes.forEach(JdbcBroker::close);
	}

	private JdbcBroker node(JdbcBrokerOptions options, Messages.Heard heard) {
		JdbcBroker node = new JdbcBroker(dataSource(), new LoopbackRelay(), counter(), options, Clock.systemUTC(),
				new Loops());
		node.start(heard);
		this.nodes.add(node);
		return node;
	}

	private JdbcBroker jdbc() {
		return (JdbcBroker) broker();
	}

	private StoredPublication publishIn(Connection connection, String text) {
		return jdbc().publishIn(connection, Messages.text(this.topic, text), TopicPolicy.DEFAULT);
	}

	private List<TopicMessage> kept() {
		return Messages.found(Await.result(broker().log().readBefore(this.topic, null, 1_000))).messages();
	}

	@Test
	void aRollbackLeavesNothingThatAReaderSees() throws SQLException {
		Position first = publish("first").position();
		Publication withId = Publication.to(this.topic).id("id").build();
		List<StoredPublication> rolledBack;
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			rolledBack = List.of(publishIn(connection, "never"),
					jdbc().publishIn(connection, withId, TopicPolicy.DEFAULT));
			connection.rollback();
		}
		rolledBack.forEach(jdbc()::abandon);

		PublishReceipt receipt = Await.result(broker().publish(withId, TopicPolicy.DEFAULT));
		assertThat(receipt.duplicate()).isFalse();
		assertThat(receipt.position()).isEqualTo(first.withSeq(reusesNumbers() ? 2 : 4));
		Await.until(() -> assertThat(Messages.seqs(kept())).containsExactly(1L, receipt.position().seq()));
	}

	@Test
	void aRollbackOfATopicsFirstMessageLeavesNoTopic() throws SQLException {
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			publishIn(connection, "never");
			connection.rollback();
		}

		assertThat(publish("first").position().seq()).isEqualTo(1);
	}

	@Test
	void whatACommittedTransactionPublishedIsAnnounced() throws SQLException {
		Await.result(broker().subscribe(this.topic));
		StoredPublication stored;
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			stored = publishIn(connection, "text");
			connection.commit();
		}
		jdbc().announceCommitted(stored);

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("text"));
		assertThat(kept()).extracting(TopicMessage::position).containsExactly(stored.receipt().position());
	}

	@Test
	void publishingInNoTransactionIsTheCallersMistake() throws SQLException {
		try (Connection connection = dataSource().getConnection()) {
			assertThatIllegalStateException().isThrownBy(() -> publishIn(connection, "text"))
				.withMessageContaining("auto-commit");
		}
	}

	@Test
	void whatADeadNodeDidNotAnnounceIsAnnouncedByAnother() throws SQLException {
		JdbcBroker dead = node(JdbcBrokerOptions.DEFAULT, new Messages.Heard());
		Messages.Heard elsewhere = new Messages.Heard();
		JdbcBroker other = node(QUICK, elsewhere);
		Await.result(other.subscribe(this.topic));
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			dead.publishIn(connection, Messages.text(this.topic, "one"), TopicPolicy.DEFAULT);
			dead.publishIn(connection, Messages.text(this.topic, "two"), TopicPolicy.DEFAULT);
			connection.commit();
		}

		Await.until(() -> assertThat(elsewhere.texts()).startsWith("one", "two"));
		Await.until(() -> assertThat(waitingInOutbox()).isZero());
	}

	@Test
	void whatWasAnnouncedLeavesTheOutbox() throws SQLException {
		IntStream.range(0, 50).forEach((i) -> publish("text"));

		Await.until(() -> assertThat(waitingInOutbox()).isZero());
		assertThat(kept()).hasSize(50);
	}

	@Test
	void twoBrokersOnOneDatabaseNumberOneTopicWithoutDoublesInOrder() {
		List<JdbcBroker> brokers = List.of(node(JdbcBrokerOptions.DEFAULT, new Messages.Heard()),
				node(JdbcBrokerOptions.DEFAULT, new Messages.Heard()));
		List<List<CompletableFuture<PublishReceipt>>> calls = IntStream.range(0, 2)
			.parallel()
			.mapToObj((node) -> IntStream.range(0, 1_000)
				.mapToObj((i) -> brokers.get(node)
					.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)
					.toCompletableFuture())
				.toList())
			.toList();

		List<List<Long>> seqs = calls.stream()
			.map((each) -> each.stream().map((call) -> Await.result(call).position().seq()).toList())
			.toList();

		assertThat(seqs).allSatisfy((each) -> assertThat(each).isSorted());
		assertThat(seqs.stream().flatMap(List::stream).sorted())
			.containsExactlyElementsOf(LongStream.rangeClosed(1, 2_000).boxed().toList());
	}

	@Test
	void rule1_transactionsOnOneTopicAtTheSameTimeNumberWithoutDoublesAndCountSenders() {
		List<List<Position>> committed = Stream.of("ann", "ann", "bob", "bob")
			.map((sender) -> CompletableFuture.supplyAsync(() -> publishAndRollBackInTurns(sender, 20)))
			.toList()
			.stream()
			.map(Await::result)
			.toList();

		assertThat(committed).allSatisfy((each) -> assertThat(each).extracting(Position::seq).isSorted());
		List<Long> seqs = committed.stream().flatMap(List::stream).map(Position::seq).sorted().toList();
		assertThat(seqs).hasSize(40).doesNotHaveDuplicates();
		if (reusesNumbers()) {
			assertThat(seqs).endsWith(40L);
		}
		Await.until(() -> assertThat(Messages.seqs(kept())).isEqualTo(seqs));
		assertThat(ownMessages("ann")).isEqualTo(20);
		assertThat(ownMessages("bob")).isEqualTo(20);
	}

	private List<Position> publishAndRollBackInTurns(String sender, int times) {
		List<Position> committed = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			Publication publication = Publication.to(this.topic)
				.id(UUID.randomUUID().toString())
				.sender(sender)
				.build();
			try (Connection connection = readCommitted()) {
				StoredPublication stored = jdbc().publishIn(connection, publication, TopicPolicy.DEFAULT);
				if (i % 2 == 0) {
					connection.commit();
					jdbc().announceCommitted(stored);
					committed.add(stored.receipt().position());
				}
				else {
					connection.rollback();
					jdbc().abandon(stored);
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return committed;
	}

	@Test
	void theSameIdInTransactionsAtTheSameTimeIsPublishedOnce() {
		publish("first");
		for (int round = 0; round < 10; round++) {
			Publication publication = Publication.to(this.topic).id("id " + round).build();
			List<PublishReceipt> receipts = IntStream.range(0, 4)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> publishInItsOwn(publication)))
				.toList()
				.stream()
				.map(Await::result)
				.toList();

			assertThat(receipts).filteredOn((receipt) -> !receipt.duplicate()).hasSize(1);
			assertThat(receipts.stream().map(PublishReceipt::position).distinct()).hasSize(1);
		}
		Await.until(() -> assertThat(kept()).hasSize(11));
	}

	private PublishReceipt publishInItsOwn(Publication publication) {
		try (Connection connection = readCommitted()) {
			StoredPublication stored = jdbc().publishIn(connection, publication, TopicPolicy.DEFAULT);
			connection.commit();
			jdbc().announceCommitted(stored);
			return stored.receipt();
		}
		catch (PublishException ex) {
			if (reusesNumbers()) {
				throw ex;
			}
			// without a lock of the topic's row two may wait for each other's id
			return publishInItsOwn(publication);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection readCommitted() throws SQLException {
		Connection connection = dataSource().getConnection();
		connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		connection.setAutoCommit(false);
		return connection;
	}

	private long ownMessages(String sender) {
		try (Connection connection = dataSource().getConnection();
				Statement statement = connection.createStatement();
				var result = statement
					.executeQuery("SELECT own, (SELECT MAX(sender_count) FROM realtime_message " + "WHERE topic = '"
							+ this.topic + "' AND sender = '" + sender + "') FROM realtime_read WHERE topic = '"
							+ this.topic + "' AND user_name = '" + sender + "'")) {
			result.next();
			if (reusesNumbers()) {
				assertThat(result.getLong(2)).isEqualTo(result.getLong(1));
			}
			return result.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aFullQueueRefusesClearlyAndNothingElseIsLost() {
		JdbcBroker narrow = node(JdbcBrokerOptions.DEFAULT.withQueue(10, 1 << 20), new Messages.Heard());
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 1_000)
			.mapToObj(
					(i) -> narrow.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT).toCompletableFuture())
			.toList();
		List<CompletableFuture<PublishReceipt>> refused = calls.stream()
			.filter((call) -> call.exceptionally((failure) -> null).join() == null)
			.toList();

		assertThat(refused).isNotEmpty().hasSizeLessThan(1_000);
		assertThatThrownBy(() -> Await.result(refused.get(0)))
			.isInstanceOfSatisfying(PublishException.class,
					(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse())
			.hasMessageContaining("10 publications");
		assertThat(publish("next").position().seq()).isEqualTo(1_001 - refused.size());
		Await.until(() -> assertThat(narrow.waiting()).isZero());
	}

	@Test
	void oneBadMessageOfABatchFailsAlone() throws SQLException {
		execute("ALTER TABLE realtime_message ADD CONSTRAINT no_bad_type CHECK (type IS NULL OR type <> 'bad type')");
		try {
			List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 20)
				.mapToObj((i) -> broker()
					.publish(Publication.to(this.topic).type((i == 13) ? "bad type" : "good").build(),
							TopicPolicy.DEFAULT)
					.toCompletableFuture())
				.toList();

			assertThatThrownBy(() -> Await.result(calls.get(13))).isInstanceOf(PublishException.class)
				.hasMessageContaining("the database refused it");
			List<Long> seqs = IntStream.range(0, 20)
				.filter((i) -> i != 13)
				.mapToObj((i) -> Await.result(calls.get(i)).position().seq())
				.toList();
			assertThat(seqs).isSorted().doesNotHaveDuplicates();
			Await.until(() -> assertThat(Messages.seqs(kept())).isEqualTo(seqs));
			if (reusesNumbers()) {
				assertThat(seqs).endsWith(19L);
			}
		}
		finally {
			execute("ALTER TABLE realtime_message DROP CONSTRAINT no_bad_type");
		}
	}

	@Test
	void textsThatADatabaseMayRefuseComeBackUnchanged() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("nul\0", "\0\"\\u0000\\");
		headers.put("", "");
		headers.put("😀", "half \ud83d pair, \u2028, {\"a\":1}");
		headers.put("a", "\t\r\n");
		Content content = Content.of(new byte[0], "text/plain\0", "type\\\0", headers);
		Publication publication = new Publication(this.topic, content, "id\0 ", "session\0", null, "sender\0 ");

		Await.result(broker().publish(publication, TopicPolicy.DEFAULT));

		TopicMessage message = kept().get(0);
		assertThat(message.id()).isEqualTo("id\0 ");
		assertThat(message.excludedSession()).isEqualTo("session\0");
		assertThat(message.content().contentType()).isEqualTo("text/plain\0");
		assertThat(message.content().type()).isEqualTo("type\\\0");
		assertThat(message.content().headers()).containsExactlyEntriesOf(publication.content().headers());
		Publication shorter = Publication.to(this.topic).id("id\0").build();
		assertThat(Await.result(broker().publish(shorter, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(publication, TopicPolicy.DEFAULT)).duplicate()).isTrue();
	}

	@Test
	void topicsThatDifferInCaseOnlyAreTwo() {
		Publication upper = Messages.text(Topic.of(this.topic.name() + ".A"), "text");
		Publication lower = Messages.text(Topic.of(this.topic.name() + ".a"), "text");

		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).position().seq()).isEqualTo(1);
		assertThat(Await.result(broker().publish(lower, TopicPolicy.DEFAULT)).position().seq()).isEqualTo(1);
	}

	@Test
	void idsThatDifferInCaseOnlyAreTwo() {
		Publication upper = Publication.to(this.topic).id("A").build();
		Publication lower = Publication.to(this.topic).id("a").build();

		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(lower, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).duplicate()).isTrue();
	}

	/**
	 * On a slow machine not all is stored in time. What the database is at work on has an
	 * unknown outcome then.
	 */
	@Test
	void whatWaitsWhenTheBrokerClosesIsStoredOrFailsClearly() {
		JdbcBroker closing = node(JdbcBrokerOptions.DEFAULT, new Messages.Heard());
		TopicPolicy keepAll = Messages.keep(10_000, Duration.ofHours(1));
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 2_000)
			.mapToObj((i) -> closing.publish(Messages.text(this.topic, "text " + i), keepAll).toCompletableFuture())
			.toList();

		closing.close();

		assertThat(calls).allMatch(CompletableFuture::isDone);
		Set<String> stored = new HashSet<>();
		Set<String> refused = new HashSet<>();
		for (int i = 0; i < calls.size(); i++) {
			Throwable failure = calls.get(i).handle((receipt, ex) -> ex).join();
			if (failure == null) {
				stored.add("text " + i);
			}
			else if (!((PublishException) failure).isOutcomeUnknown()) {
				refused.add("text " + i);
			}
		}
		Position last = Await.result(broker().publish(Messages.text(this.topic, "next"), keepAll)).position();
		Await.until(() -> assertThat(texts(last)).containsAll(stored).contains("next"));
		assertThat(texts(last)).noneMatch(refused::contains).doesNotHaveDuplicates();
		if (stored.size() == calls.size()) {
			assertThat(last.seq()).isEqualTo(2_001);
		}
	}

	/** What the log has, read in pages. */
	private List<String> texts(Position last) {
		List<String> texts = new ArrayList<>();
		Position from = last.withSeq(0);
		LogPage.Found page;
		do {
			page = Messages.found(Await.result(broker().log().read(this.topic, from, 1_000)));
			page.messages().forEach((message) -> texts.add(message.content().text()));
			from = page.through();
		}
		while (page.hasMore());
		return texts;
	}

	private long waitingInOutbox() throws SQLException {
		try (Connection connection = dataSource().getConnection();
				Statement statement = connection.createStatement();
				var result = statement
					.executeQuery("SELECT COUNT(*) FROM realtime_outbox WHERE topic = '" + this.topic + "'")) {
			result.next();
			return result.getLong(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = dataSource().getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
