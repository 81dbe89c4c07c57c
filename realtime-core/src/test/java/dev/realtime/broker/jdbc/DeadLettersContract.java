package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import javax.sql.DataSource;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.deadletter.jdbc.DeadLetter;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What becomes of what cannot be stored or announced, on every database. */
abstract class DeadLettersContract {

	private final Topic topic = Messages.topic();

	private final Messages.Heard heard = new Messages.Heard();

	private final BadRelay relay = new BadRelay();

	private JdbcBroker broker;

	protected abstract DataSource dataSource();

	@BeforeEach
	void start() {
		this.broker = new JdbcBroker(dataSource(), this.relay,
				JdbcBrokerOptions.DEFAULT.withOutbox(Duration.ofMillis(50), Duration.ofMillis(400), 3),
				Clock.systemUTC(), new Loops());
		this.broker.start(this.heard);
		Await.result(this.broker.subscribe(this.topic));
	}

	@AfterEach
	void close() throws SQLException {
		this.broker.close();
		execute("DELETE FROM realtime_dead_letter");
	}

	@Test
	void whatTheDatabaseRefusesIsKeptWholeAndPublishedWhenItIsReplayed() throws SQLException {
		Publication bad = Publication.to(this.topic)
			.payload("{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8), "application/json")
			.type("bad kind")
			.header("h", "v\0")
			.id("id-1")
			.excludeSession("s-1")
			.sender("ann")
			.important(true)
			.timeToLive(Duration.ofHours(1))
			.build();
		execute("ALTER TABLE realtime_message ADD CONSTRAINT no_bad_kind CHECK (type IS NULL OR type <> 'bad kind')");
		DeadLetter letter;
		try {
			assertThatThrownBy(() -> publish(bad)).isInstanceOf(PublishException.class)
				.hasMessageContaining("the database refused it")
				.hasMessageContaining("dead letter");
			letter = letters().get(0);
			assertThat(letter.topic()).isEqualTo(this.topic);
			assertThat(letter.position()).isNull();
			assertThat(letter.messageId()).isEqualTo("id-1");
			assertThat(letter.payloadSize()).isEqualTo(7);
			assertThat(letter.error()).contains("refused");
			assertThatThrownBy(() -> replay(letter)).hasMessageMatching("(?is).*no_bad_kind.*");
			assertThat(letters()).hasSize(1);
		}
		finally {
			execute("ALTER TABLE realtime_message DROP CONSTRAINT no_bad_kind");
		}

		assertThat(replay(letter)).isEqualTo(DeadLetters.Outcome.PUBLISHED);

		Await.until(() -> assertThat(this.heard.messages()).hasSize(1));
		TopicMessage message = this.heard.messages().get(0);
		assertThat(message.content().text()).isEqualTo("{\"a\":1}");
		assertThat(message.content().contentType()).isEqualTo("application/json");
		assertThat(message.content().type()).isEqualTo("bad kind");
		assertThat(message.content().headers()).containsEntry("h", "v\0");
		assertThat(message.isImportant()).isTrue();
		assertThat(message.id()).isEqualTo("id-1");
		assertThat(message.excludedSession()).isEqualTo("s-1");
		assertThat(message.expiresAt()).isPositive();
		assertThat(sender()).isEqualTo("ann");
		assertThat(letters()).isEmpty();
		assertThat(replay(letter)).isEqualTo(DeadLetters.Outcome.UNKNOWN);
	}

	@Test
	void whatCannotBeAnnouncedIsGivenUpAfterSomeAttemptsAndDoesNotHoldUpTheRest() {
		this.relay.bad = "bad";
		PublishReceipt receipt = publish(Messages.text(this.topic, "bad"));
		publish(Messages.text(this.topic, "good"));

		Await.until(() -> assertThat(letters()).hasSize(1));
		DeadLetter letter = letters().get(0);
		assertThat(letter.position()).isEqualTo(receipt.position());
		assertThat(letter.attempts()).isEqualTo(3);
		assertThat(letter.error()).contains("nobody takes it");
		Await.until(() -> assertThat(this.broker.outbox()).isEqualTo(new OutboxStats(0, 0, 1)));
		assertThat(replay(letter)).isEqualTo(DeadLetters.Outcome.FAILED);
		this.relay.bad = "";
		assertThat(replay(letter)).isEqualTo(DeadLetters.Outcome.ANNOUNCED);
		assertThat(this.heard.texts()).containsExactly("good", "bad");
		assertThat(letters()).isEmpty();
	}

	@Test
	void aDeadLetterCanBeDiscarded() {
		this.relay.bad = "bad";
		publish(Messages.text(this.topic, "bad"));
		Await.until(() -> assertThat(letters()).hasSize(1));

		assertThat(Await.result(this.broker.deadLetters().discard(letters().get(0).id()))).isTrue();

		assertThat(letters()).isEmpty();
		assertThat(Await.result(this.broker.deadLetters().discard("no such id"))).isFalse();
	}

	private List<DeadLetter> letters() {
		return Await.result(this.broker.deadLetters().list(100))
			.stream()
			.filter((letter) -> letter.topic().equals(this.topic))
			.toList();
	}

	private DeadLetters.Outcome replay(DeadLetter letter) {
		return Await.result(this.broker.deadLetters().replay(letter.id(), (topic) -> TopicPolicy.DEFAULT));
	}

	private PublishReceipt publish(Publication publication) {
		return Await.result(this.broker.publish(publication, TopicPolicy.DEFAULT));
	}

	private String sender() throws SQLException {
		try (Connection connection = dataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement
					.executeQuery("SELECT sender FROM realtime_message WHERE topic = '" + this.topic + "'")) {
			result.next();
			return result.getString(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = dataSource().getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Refuses messages with one text, while it says that it is connected. */
	private static final class BadRelay implements Relay {

		private final LoopbackRelay relay = new LoopbackRelay();

		private volatile String bad = "";

		@Override
		public void start(Listener listener) {
			this.relay.start(listener);
		}

		@Override
		public CompletionStage<Void> subscribe(Topic topic) {
			return this.relay.subscribe(topic);
		}

		@Override
		public CompletionStage<Void> unsubscribe(Topic topic) {
			return this.relay.unsubscribe(topic);
		}

		@Override
		public CompletionStage<Void> subscribe(TopicPattern pattern) {
			return this.relay.subscribe(pattern);
		}

		@Override
		public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
			return this.relay.unsubscribe(pattern);
		}

		@Override
		public CompletionStage<Void> announce(TopicMessage message) {
			return (!this.bad.isEmpty() && this.bad.equals(message.content().text()))
					? CompletableFuture.failedFuture(new IllegalStateException("nobody takes it"))
					: this.relay.announce(message);
		}

		@Override
		public CompletionStage<Void> signal(Signal signal) {
			return this.relay.signal(signal);
		}

		@Override
		public boolean isConnected() {
			return this.relay.isConnected();
		}

		@Override
		public void close() {
			this.relay.close();
		}

	}

}
