package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * Which connections of a pool answered lately. A pool may give out a connection that was
 * lost while it lay there; one that answered half a second ago is taken for alive, as
 * HikariCP does. Holds as many as the pool has connections. Safe for any number of
 * threads.
 */
final class RecentAnswers {

	private static final long RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private final Environment environment;

	private final Map<Connection, Long> answers = Collections.synchronizedMap(new WeakHashMap<>());

	RecentAnswers(Environment environment) {
		this.environment = environment;
	}

	/** Whether this connection answered within the last half second. */
	boolean isRecent(Connection pooled) {
		Connection physical = physical(pooled);
		Long last = (physical != null) ? this.answers.get(physical) : null;
		return last != null && this.environment.nanoTime() - last < RECENT_NANOS;
	}

	/** Notes that it answered. */
	void add(Connection pooled) {
		Connection physical = physical(pooled);
		if (physical != null) {
			this.answers.put(physical, this.environment.nanoTime());
		}
	}

	/** Pools give out a new object each time. */
	private static @Nullable Connection physical(Connection pooled) {
		try {
			return pooled.unwrap(Connection.class);
		}
		catch (SQLException ex) {
			return null;
		}
	}

}
