package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
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

/** What a durable broker keeps to in transactions, on every database. */
abstract class JdbcTransactionsContract extends BrokerContract {

	static final JdbcBrokerOptions QUICK = JdbcBrokerOptions.DEFAULT.withOutbox(Duration.ofMillis(100),
			Duration.ofMillis(200));

	private final MovableClock clock = new MovableClock();

	private final List<JdbcBroker> nodes = new ArrayList<>();

	protected abstract DataSource dataSource();

	/** What numbers, or null for the log. */
	protected @Nullable TopicCounter counter() {
		return null;
	}

	/** Whether a number whose transaction was rolled back is given to the next one. */
	boolean reusesNumbers() {
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

	JdbcBroker node(JdbcBrokerOptions options, Messages.Heard heard) {
		JdbcBroker node = new JdbcBroker(dataSource(), new LoopbackRelay(), counter(), options, Clock.systemUTC(),
				new Loops());
		node.start(heard);
		this.nodes.add(node);
		return node;
	}

	private JdbcBroker jdbc() {
		return (JdbcBroker) broker();
	}

	StoredPublication publishIn(Connection connection, String text) {
		return jdbc().publishIn(connection, Messages.text(this.topic, text), TopicPolicy.DEFAULT);
	}

	List<TopicMessage> kept() {
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

	long waitingInOutbox() throws SQLException {
		try (Connection connection = dataSource().getConnection();
				Statement statement = connection.createStatement();
				var result = statement
					.executeQuery("SELECT COUNT(*) FROM realtime_outbox WHERE topic = '" + this.topic + "'")) {
			result.next();
			return result.getLong(1);
		}
	}

	void execute(String sql) throws SQLException {
		try (Connection connection = dataSource().getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
