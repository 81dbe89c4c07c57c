package dev.realtime.broker.jdbc;

import java.time.Clock;
import java.time.Duration;

import javax.sql.DataSource;

import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.sequence.SequenceContract;
import dev.realtime.sequence.SequenceService;
import org.junit.jupiter.api.AfterEach;

/** What numbers from a database keep to. */
abstract class JdbcSequenceContract extends SequenceContract {

	private final JdbcCalls calls = new JdbcCalls(new Loops(), "realtime-jdbc-reader", 4, 10_000);

	private final JdbcSequence sequence = new JdbcSequence(new JdbcDatabase(dataSource(), Duration.ofSeconds(5)),
			this.calls, Clock.systemUTC());

	protected abstract DataSource dataSource();

	@Override
	protected SequenceService sequence() {
		return this.sequence;
	}

	@AfterEach
	void close() {
		this.calls.close();
	}

}
