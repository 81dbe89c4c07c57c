package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.redis.RedisRelay;
import dev.realtime.sequence.redis.RedisTopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.api.sync.RedisCommands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Publishers on two brokers, while Redis loses all it has again and again. */
abstract class ForgottenCounterContract {

	private static final int EACH = 600;

	private static final int IN_TRANSACTIONS = 120;

	private static final RedisKeys KEYS = new RedisKeys("rt");

	private final Topic topic = Messages.topic();

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final List<JdbcBroker> brokers = new ArrayList<>();

	private final ExecutorService threads = Executors.newFixedThreadPool(7);

	protected abstract DataSource dataSource();

	@AfterEach
	void close() {
		this.threads.shutdown();
		this.brokers.forEach(JdbcBroker::close);
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void rule1_noNumberIsUsedTwiceAndNoMessageIsLostWhenCountersAreForgotten() {
		Messages.Heard heard = new Messages.Heard();
		List<JdbcBroker> both = List.of(broker(heard), broker(new Messages.Heard()));
		Position start = Await.result(both.get(0).log().heads(List.of(this.topic))).get(0);
		Await.result(both.get(0).subscribe(this.topic));
		RedisCommands<byte[], byte[]> commands = this.fleet.commands();

		CompletableFuture<List<TopicMessage>> reader = CompletableFuture
			.supplyAsync(() -> readAll(both.get(1), start, 2 * (2 * EACH + IN_TRANSACTIONS)), this.threads);
		List<CompletableFuture<List<Position>>> publishers = Stream
			.of(publisher(both.get(0), "a"), publisher(both.get(0), "b"), publisher(both.get(1), "c"),
					publisher(both.get(1), "d"), transactions(both.get(0), "e"), transactions(both.get(1), "f"))
			.toList();
		CompletableFuture<Void> all = CompletableFuture.allOf(publishers.toArray(CompletableFuture[]::new));
		int forgotten = 0;
		while (!all.isDone()) {
			commands.flushall();
			forgotten++;
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
		}
		Await.result(all);

		List<Position> given = publishers.stream().flatMap((each) -> Await.result(each).stream()).toList();
		assertThat(given).hasSize(2 * (2 * EACH + IN_TRANSACTIONS)).doesNotHaveDuplicates();
		assertThat(given).extracting(Position::epoch).containsOnly(start.epoch());
		assertThat(publishers)
			.allSatisfy((each) -> assertThat(Await.result(each).stream().map(Position::seq)).isSorted());
		List<TopicMessage> read = Await.result(reader);
		assertThat(Messages.seqs(read)).isSorted()
			.containsExactlyElementsOf(given.stream().map(Position::seq).sorted().toList());
		assertThat(read.stream().map((message) -> message.content().text())).doesNotHaveDuplicates();
		Await
			.until(() -> assertThat(heard.messages().stream().map(TopicMessage::seq).distinct()).hasSize(given.size()));
		assertThat(forgotten).isGreaterThan(3);
	}

	private CompletableFuture<List<Position>> publisher(JdbcBroker broker, String name) {
		return CompletableFuture.supplyAsync(() -> IntStream.range(0, EACH / 20)
			.boxed()
			.flatMap((round) -> IntStream.range(0, 20)
				.mapToObj(
						(i) -> broker.publish(Messages.text(this.topic, name + (round * 20 + i)), TopicPolicy.DEFAULT))
				.toList()
				.stream()
				.map((call) -> Await.result(call).position()))
			.toList(), this.threads);
	}

	private CompletableFuture<List<Position>> transactions(JdbcBroker broker, String name) {
		return CompletableFuture.supplyAsync(() -> {
			List<Position> positions = new ArrayList<>();
			for (int i = 0; i < IN_TRANSACTIONS; i++) {
				try (Connection connection = dataSource().getConnection()) {
					connection.setAutoCommit(false);
					connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
					StoredPublication stored = broker.publishIn(connection, Messages.text(this.topic, name + i),
							TopicPolicy.DEFAULT);
					connection.commit();
					broker.announceCommitted(stored);
					positions.add(stored.receipt().position());
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			}
			return positions;
		}, this.threads);
	}

	/** Follows the log as a subscriber's recovery does. */
	private List<TopicMessage> readAll(JdbcBroker broker, Position start, int count) {
		List<TopicMessage> read = new ArrayList<>();
		Position[] after = { start };
		Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5)).until(() -> {
			LogPage.Found page = Messages.found(Await.result(broker.log().read(this.topic, after[0], 1_000)));
			read.addAll(page.messages());
			after[0] = page.through();
			return read.size() >= count;
		});
		return read;
	}

	private JdbcBroker broker(Messages.Heard heard) {
		RedisLink link = this.fleet.link();
		JdbcBroker broker = new JdbcBroker(dataSource(),
				new RedisRelay(this.fleet.client(), link, KEYS, Duration.ofSeconds(2), new Loops()),
				new RedisTopicCounter(link, KEYS), JdbcBrokerOptions.DEFAULT.withHoleGrace(Duration.ofMillis(500)),
				Clock.systemUTC(), new Loops());
		broker.start(heard);
		this.brokers.add(broker);
		return broker;
	}

}
