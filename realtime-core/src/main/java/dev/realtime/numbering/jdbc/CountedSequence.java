package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.retention.jdbc.JdbcRetention;
import dev.realtime.sequence.SequenceService;

/**
 * Numbers from the counter that publishing uses too, each made void in the log before it
 * is given. {@link #current} is the last settled one. Stages complete on a thread of
 * {@link JdbcCalls} and fail as that and {@link JdbcDatabase#write} say; a failed
 * {@link #next} may have taken a number.
 */
final class CountedSequence implements SequenceService {

	/** After so many numbers the rows of old void ones are looked for. */
	private static final int FORGET_EVERY = 500;

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	private final Numbers numbers;

	private final Settler settler;

	private final Clock clock;

	CountedSequence(JdbcDatabase database, JdbcCalls calls, Numbers numbers, Settler settler, Clock clock) {
		this.database = database;
		this.calls = calls;
		this.numbers = numbers;
		this.settler = settler;
		this.clock = clock;
	}

	@Override
	public CompletionStage<Position> next(Topic topic) {
		return this.calls.submit(() -> take(topic));
	}

	@Override
	public CompletionStage<Position> current(Topic topic) {
		return this.calls
			.submit(() -> this.database.read((session) -> JdbcStore.current(session, topic, this.clock.millis())));
	}

	private Position take(Topic topic) throws SQLException {
		for (int attempt = 1;; attempt++) {
			long before = this.clock.millis();
			Draft.Demand demand = this.database.read((session) -> JdbcNumberedStore.demand(session, topic, before));
			List<Draft.Demand> demands = List.of(demand);
			Map<Topic, Long> firsts = this.numbers.take(demands, attempt,
					(asked) -> this.database.read((session) -> JdbcNumberedStore.highest(session, asked)));
			long now = this.clock.millis();
			Map<Topic, Long> above = this.numbers.above(demands);
			try {
				JdbcNumberedStore.Taken taken = this.database
					.write((session) -> JdbcNumberedStore.take(session, demand, firsts, above, now));
				this.numbers.note(topic, taken.position());
				if (taken.unsettled()) {
					this.settler.watch(topic);
				}
				if (taken.position().seq() % FORGET_EVERY == 0) {
					this.database.write((session) -> JdbcRetention.forgetVoids(session, topic, now));
				}
				return taken.position();
			}
			catch (NumberTakenException ex) {
				if (attempt == Numbers.MAX_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

}
