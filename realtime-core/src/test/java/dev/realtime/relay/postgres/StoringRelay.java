package dev.realtime.relay.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.relay.Relay;

/**
 * Stores each message before it is announced, as brokers do, and announces it through one
 * node for another one to hear.
 */
final class StoringRelay implements Relay {

	private final DataSource dataSource;

	private final Relay announcing;

	private final Relay hearing;

	StoringRelay(DataSource dataSource, Relay announcing, Relay hearing) {
		this.dataSource = dataSource;
		this.announcing = announcing;
		this.hearing = hearing;
	}

	/** A plain text. */
	static TopicMessage text(Topic topic, long seq, String text) {
		return new TopicMessage(topic, new Position("EPOCH", seq), 1_700_000_000_000L, "id", Content.text(text), null,
				0);
	}

	/** Puts a message where announcing nodes expect it. */
	static void store(DataSource dataSource, TopicMessage message) {
		try (Connection connection = dataSource.getConnection();
				PreparedStatement insert = connection.prepareStatement(
						"INSERT INTO realtime_message (topic, epoch, seq, message_id, published_at, expires_at, "
								+ "excluded_session, content_type, type, headers, payload) "
								+ "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{\"name\":\"value\"}', ?)")) {
			insert.setString(1, message.topic().name());
			insert.setString(2, message.position().epoch());
			insert.setLong(3, message.seq());
			insert.setString(4, message.id());
			insert.setLong(5, message.timestamp());
			insert.setLong(6, message.expiresAt());
			insert.setString(7, message.excludedSession());
			insert.setString(8, message.content().contentType());
			insert.setString(9, message.content().type());
			insert.setBytes(10, message.content().text().getBytes(StandardCharsets.UTF_8));
			insert.executeUpdate();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void start(Listener listener) {
		this.announcing.start(new Silent());
		this.hearing.start(listener);
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return this.hearing.subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return this.hearing.unsubscribe(topic);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return this.hearing.subscribe(pattern);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return this.hearing.unsubscribe(pattern);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		store(this.dataSource, message);
		return this.announcing.announce(message);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return this.announcing.signal(signal);
	}

	@Override
	public boolean isConnected() {
		return this.announcing.isConnected() && this.hearing.isConnected();
	}

	@Override
	public void close() {
		this.announcing.close();
		this.hearing.close();
	}

	private static final class Silent implements Listener {

		@Override
		public void onMessage(TopicMessage message) {
			throw new AssertionError(message);
		}

		@Override
		public void onSignal(Signal signal) {
			throw new AssertionError(signal);
		}

		@Override
		public void onReconnected() {
			// that is of no interest
		}

	}

}
