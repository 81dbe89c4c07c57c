package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after topics whose heads wait for numbers without a row, and makes those numbers
 * tombstones after the grace. A turn looks at all of them in a few transactions that do
 * not wait for locks, and then fills holes one by one for about a second. A hole that an
 * open transaction keeps is left alone for some seconds, so that it does not delay the
 * others.
 */
final class Holes {

	/** Most topics that are kept in mind; more are left to their readers. */
	static final int MAX_TOPICS = 10_000;

	/** How many topics one transaction looks at. */
	private static final int BATCH = 200;

	private static final Duration LONGEST_TICK = Duration.ofMillis(200);

	private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final Logger logger = LoggerFactory.getLogger(Holes.class);

	private final JdbcDatabase database;

	private final Clock clock;

	private final Duration grace;

	private final Loop loop;

	@GuardedBy("this")
	private final Set<Topic> watched = new LinkedHashSet<>();

	/** Holes that are kept by open transactions, with the end of their pause. */
	private final Map<Topic, Long> kept = new HashMap<>();

	Holes(JdbcDatabase database, Clock clock, Duration grace, Loop loop) {
		this.database = database;
		this.clock = clock;
		this.grace = grace;
		this.loop = loop;
	}

	void start() {
		Duration tick = this.grace.dividedBy(4);
		this.loop.every((tick.compareTo(LONGEST_TICK) < 0) ? tick : LONGEST_TICK, this::turn);
	}

	/** Looks after a topic whose head waits for a number. */
	synchronized void watch(Topic topic) {
		if (this.watched.size() < MAX_TOPICS) {
			this.watched.add(topic);
		}
	}

	/** Waits so long for what is being done; idempotent. */
	void close(Duration patience) {
		var unused = this.loop.close(patience);
	}

	private void turn() {
		Map<Topic, Hole> due = new LinkedHashMap<>();
		for (int left = size(); left > 0; left -= BATCH) {
			look(take(Math.min(left, BATCH)), due);
			this.loop.progressed();
		}
		this.kept.keySet().retainAll(due.keySet());
		long start = this.loop.environment().nanoTime();
		// those that no transaction has kept so far come first, and of those the latest:
		// an older one
		// may wait for its turn because it is kept
		List<Hole> order = new ArrayList<>(due.values());
		order.sort(Comparator.comparing((Hole hole) -> this.kept.containsKey(hole.topic()))
			.thenComparing(Hole::since, Comparator.reverseOrder()));
		for (Hole hole : order) {
			Long pause = this.kept.get(hole.topic());
			if (pause != null && pause - this.loop.environment().nanoTime() > 0) {
				continue;
			}
			if (this.loop.environment().nanoTime() - start > TURN_NANOS) {
				break;
			}
			this.loop.contain(() -> fill(hole));
			this.loop.progressed();
		}
	}

	/** Topics that still have a hole are watched on, behind the others. */
	private void look(Map<Topic, @Nullable TopicPolicy> some, Map<Topic, Hole> due) {
		boolean looked = false;
		try {
			JdbcSettling.Outcome outcome = settle(some);
			outcome.holes().keySet().forEach(this::watch);
			outcome.locked().forEach(this::watch);
			outcome.holes().forEach((topic, hole) -> {
				if (hole.since() + this.grace.toMillis() <= this.clock.millis()) {
					due.put(topic, hole);
				}
			});
			looked = true;
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("Heads could not be advanced; trying again", ex);
		}
		finally {
			if (!looked) {
				some.keySet().forEach(this::watch);
			}
		}
	}

	private void fill(Hole hole) {
		try {
			this.database.write((session) -> {
				JdbcSettling.fill(session, hole, this.clock.millis());
				return true;
			});
			Map<Topic, @Nullable TopicPolicy> topic = new HashMap<>();
			topic.put(hole.topic(), null);
			settle(topic);
			this.kept.remove(hole.topic());
		}
		catch (SQLException | RuntimeException ex) {
			// mostly a transaction that is still open
			logger.debug("A hole in the numbers of topic \"{}\" could not be closed; trying again", hole.topic(), ex);
			this.kept.put(hole.topic(), this.loop.environment().nanoTime() + PAUSE_NANOS);
		}
	}

	private JdbcSettling.Outcome settle(Map<Topic, @Nullable TopicPolicy> topics) throws SQLException {
		return this.database.write((session) -> JdbcSettling.settleFree(session, topics, this.clock.millis()));
	}

	private synchronized int size() {
		return this.watched.size();
	}

	private synchronized Map<Topic, @Nullable TopicPolicy> take(int count) {
		Map<Topic, @Nullable TopicPolicy> taken = new HashMap<>();
		Iterator<Topic> next = this.watched.iterator();
		while (next.hasNext() && taken.size() < count) {
			taken.put(next.next(), null);
			next.remove();
		}
		return taken;
	}

}
