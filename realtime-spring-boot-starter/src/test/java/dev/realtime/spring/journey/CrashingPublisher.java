package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.relay.redis.RedisRelay;
import io.lettuce.core.RedisClient;
import org.awaitility.Awaitility;

/**
 * A process that does nothing but publish in transactions, each with its order, until it
 * is killed: the engine without Spring, so that it starts in a second.
 */
final class CrashingPublisher {

	static final Topic TOPIC = Topic.of("crash.orders");

	private static final int THREADS = 4;

	private CrashingPublisher() {
	}

	static Running start(String databaseUrl, String redisUri, int number) {
		try {
			Path log = Files.createTempFile("realtime-crash", ".log");
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
					CrashingPublisher.class.getName(), databaseUrl, redisUri, "killed-" + number)
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new Running(process, databaseUrl, "killed-" + number, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static void main(String[] args) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(args[0]);
		config.setMaximumPoolSize(THREADS + 7);
		config.setMinimumIdle(1);
		HikariDataSource pool = new HikariDataSource(config);
		RedisRelay relay = RedisRelay.connect(RedisClient.create(args[1]), new RedisKeys("rt"), Duration.ofSeconds(2),
				new Loops());
		JdbcBroker broker = new JdbcBroker(pool, relay, JdbcBrokerOptions.DEFAULT, Clock.systemUTC(), new Loops());
		broker.start(new Deaf());
		for (int i = 0; i < THREADS; i++) {
			String name = args[2] + '-' + i + '-';
			var unused = CompletableFuture.runAsync(() -> publish(pool, broker, name),
					(task) -> new Thread(task).start());
		}
	}

	private static void publish(HikariDataSource pool, JdbcBroker broker, String name) {
		for (int i = 0;; i++) {
			try (Connection connection = pool.getConnection();
					PreparedStatement order = connection.prepareStatement("INSERT INTO orders (id) VALUES (?)")) {
				connection.setAutoCommit(false);
				order.setString(1, name + i);
				order.executeUpdate();
				StoredPublication stored = broker.publishIn(connection, Publication.of(TOPIC, Content.text(name + i)),
						TopicPolicy.DEFAULT);
				if (i % 3 == 2) {
					connection.rollback();
				}
				else {
					connection.commit();
					broker.announceCommitted(stored);
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	/** It publishes only. */
	private static final class Deaf implements Relay.Listener {

		@Override
		public void onMessage(TopicMessage message) {
		}

		@Override
		public void onSignal(Signal signal) {
		}

		@Override
		public void onReconnected() {
		}

	}

	/** Killed (SIGKILL) when it is closed. */
	record Running(Process process, String databaseUrl, String name, Path log) implements AutoCloseable {

		/** Waits until it has committed something. */
		void awaitFirst() {
			Awaitility.await("a first message, see " + this.log)
				.atMost(Duration.ofSeconds(60))
				.pollInterval(Duration.ofMillis(20))
				.until(this::hasCommitted);
		}

		private boolean hasCommitted() throws SQLException {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("It ended by itself, see " + this.log);
			}
			try (Connection connection = DriverManager.getConnection(this.databaseUrl);
					PreparedStatement query = connection
						.prepareStatement("SELECT 1 FROM orders WHERE id LIKE ? LIMIT 1")) {
				query.setString(1, this.name + "-%");
				return query.executeQuery().next();
			}
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
			this.process.onExit().join();
		}

	}

}
