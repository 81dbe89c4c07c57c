package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayContract;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the relay over PostgreSQL keeps to, from one node to another. */
abstract class PostgresRelayContract extends RelayContract {

	/** Where nodes take their connections from. */
	protected abstract DataSource dataSource();

	/** The same database, without what stands before it. */
	protected abstract DataSource direct();

	/** The statements that one node makes of 100 announcements, at most. */
	private static final int FEW = 40;

	/** When the messages of the contract have not outlived their time. */
	protected static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L), ZoneOffset.UTC);

	@Override
	protected Relay create() {
		return new StoringRelay(direct(), node(dataSource()), node(dataSource()));
	}

	protected final PostgresRelay node(DataSource dataSource) {
		return node(dataSource, options());
	}

	protected static PostgresRelay node(DataSource dataSource, PostgresRelayOptions options) {
		return new PostgresRelay(dataSource, new JdbcDatabase(dataSource, options.statementTimeout()), options, CLOCK,
				new Loops());
	}

	protected PostgresRelayOptions options() {
		return withProbeTimeout(Duration.ofSeconds(2));
	}

	protected static PostgresRelayOptions withProbeTimeout(Duration timeout) {
		return new PostgresRelayOptions(PostgresRelayOptions.DEFAULT.notifyInterval(), Duration.ofMillis(50), timeout,
				PostgresRelayOptions.DEFAULT.statementTimeout());
	}

	@Test
	void carriesASignalOfTheLargestSizeWithAnyCharacters() {
		String payload = "\"\u0001\\\ud83d\ude00\u4e2d\t\n".repeat(Signal.MAX_PAYLOAD_LENGTH / 8);
		Signal large = new Signal(this.topic, "any \n type", "ann\t", payload, "");
		Await.result(relay().subscribe(this.topic));

		Await.result(relay().signal(large));
		Await.result(relay().signal(new Signal(this.topic, "next", null, null, null)));

		Await.until(() -> assertThat(this.heard.signals()).hasSize(2));
		assertThat(this.heard.signals().get(0)).isEqualTo(large);
	}

	@Test
	void carriesEverythingOfManyTopicsAtOnce() {
		var topics = IntStream.range(0, 300).mapToObj((i) -> Messages.topic()).toList();
		topics.forEach((each) -> Await.result(relay().subscribe(each)));

		for (int seq = 1; seq <= 5; seq++) {
			for (var each : topics) {
				relay().announce(message(each, seq, each.name() + " " + seq));
			}
		}

		Await.until(() -> assertThat(this.heard.texts()).containsAll(topics.stream()
			.flatMap((each) -> IntStream.rangeClosed(1, 5).mapToObj((seq) -> each.name() + " " + seq))
			.toList()));
	}

	@Test
	void announcesTogetherWhatComesTogether() {
		long before = transactions();
		Await.result(relay().subscribe(this.topic));
		IntStream.rangeClosed(1, 100).forEach((i) -> StoringRelay.store(direct(), message(this.topic, i, "m" + i)));
		long stored = transactions();
		PostgresRelay node = node(dataSource());
		node.start(new Messages.Heard());
		try {
			var stages = IntStream.rangeClosed(1, 100)
				.mapToObj((i) -> node.announce(message(this.topic, i, "m" + i)))
				.toList();
			stages.forEach(Await::result);
		}
		finally {
			node.close();
		}
		Await.until(() -> assertThat(this.heard.messages()).hasSize(100));
		assertThat(stored - before).isGreaterThanOrEqualTo(100);
		assertThat(transactions() - stored).isLessThan(FEW + polls());
	}

	/** How many transactions polling makes meanwhile, about. */
	protected int polls() {
		return 0;
	}

	protected long transactions() {
		try (var connection = direct().getConnection(); var statement = connection.createStatement()) {
			try (var row = statement.executeQuery("SELECT pg_current_xact_id()::text::bigint")) {
				row.next();
				return row.getLong(1);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
