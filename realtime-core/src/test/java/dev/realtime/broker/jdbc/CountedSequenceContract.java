package dev.realtime.broker.jdbc;

import java.time.Clock;

import javax.sql.DataSource;

import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.SequenceContract;
import dev.realtime.sequence.SequenceService;
import dev.realtime.testing.Counters;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What numbers of a counter keep to that are recorded in a database. */
abstract class CountedSequenceContract extends SequenceContract {

	private final JdbcBroker broker = new JdbcBroker(dataSource(), new LoopbackRelay(), Counters.redis(),
			JdbcBrokerOptions.DEFAULT, Clock.systemUTC(), new Loops());

	protected abstract DataSource dataSource();

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
	}

	@AfterEach
	void close() {
		this.broker.close();
	}

	@Override
	protected SequenceService sequence() {
		return this.broker.sequence();
	}

}
