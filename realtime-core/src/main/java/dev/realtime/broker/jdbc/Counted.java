package dev.realtime.broker.jdbc;

import java.time.Clock;
import java.util.function.BiConsumer;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.sequence.TopicCounter;

/** What a broker has where a counter numbers. */
final class Counted {

	final Settler settler;

	final CountedStore store;

	final CountedSequence sequence;

	Counted(JdbcDatabase database, JdbcCalls calls, TopicCounter counter, Announcer announcer,
			BiConsumer<Topic, TopicPolicy> trim, Clock clock, JdbcBrokerOptions options, Loops loops) {
		Numbers numbers = new Numbers(counter);
		this.settler = new Settler(database, announcer, trim, clock, options.holeGrace(), loops);
		this.store = new CountedStore(database, numbers, this.settler, clock);
		this.sequence = new CountedSequence(database, calls, numbers, this.settler, clock);
	}

}
