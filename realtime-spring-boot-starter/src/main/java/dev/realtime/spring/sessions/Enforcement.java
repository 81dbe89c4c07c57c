package dev.realtime.spring.sessions;

import java.time.Duration;

import dev.realtime.IllegalTopicException;
import dev.realtime.TopicPattern;
import dev.realtime.connection.CloseReason;
import dev.realtime.loop.Loop;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.StoredRestriction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to the sessions of this node what restrictions ask for. Confined to one loop. All
 * sessions are looked at no more than ten times a second, however many restrictions come.
 */
final class Enforcement {

	/** How long one-time commands are kept for nodes that were cut off. */
	static final Duration COMMAND_TIME = Duration.ofMinutes(10);

	/** "Do not reconnect", see {@code docs/protocol.md}. */
	static final int DISCONNECTED = 4501;

	private static final Logger logger = LoggerFactory.getLogger(Enforcement.class);

	private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

	private final KnownRestrictions known;

	private final LocalSessions sessions;

	private final Loop loop;

	private long checkedNanos = System.nanoTime() - PAUSE_NANOS;

	private boolean checkDue;

	Enforcement(KnownRestrictions known, LocalSessions sessions, Loop loop) {
		this.known = known;
		this.sessions = sessions;
		this.loop = loop;
	}

	/**
	 * A restriction is new to this node.
	 * @param late whether it was read from the list: what has happened once then concerns
	 * only the sessions of that time
	 */
	void begin(StoredRestriction entry, boolean late) {
		Restriction restriction = entry.restriction();
		if (restriction.kind().lasts()) {
			checkAll();
			return;
		}
		long since = late ? COMMAND_TIME.minus(entry.left()).toNanos() : 0;
		switch (restriction.kind()) {
			case USER_CLOSED -> close(restriction, since);
			case SESSION_CLOSED -> this.sessions.close(
					(session) -> session.connection().id().equals(restriction.subject()) ? reason(restriction) : null);
			case UNSUBSCRIBED -> unsubscribe(restriction);
			default -> throw new IllegalStateException(restriction.kind().toString());
		}
	}

	private void close(Restriction restriction, long sinceNanos) {
		long before = System.nanoTime() - sinceNanos;
		this.sessions.close((session) -> (session.isOf(restriction.subject()) && session.openedNanos() - before <= 0)
				? reason(restriction) : null);
	}

	private void unsubscribe(Restriction restriction) {
		try {
			this.sessions.unsubscribe(restriction.subject(), new TopicPattern(restriction.detail()));
		}
		catch (IllegalTopicException ex) {
			logger.warn("Ignored a stored unsubscribe command without a valid topic pattern: {}", ex.getMessage());
		}
	}

	private static CloseReason reason(Restriction restriction) {
		return new CloseReason(DISCONNECTED, restriction.detail());
	}

	private void checkAll() {
		if (this.checkDue) {
			return;
		}
		long left = PAUSE_NANOS - (System.nanoTime() - this.checkedNanos);
		if (left <= 0) {
			checkNow();
			return;
		}
		this.checkDue = true;
		this.loop.after(Duration.ofNanos(left), this::checkNow);
	}

	private void checkNow() {
		this.checkDue = false;
		this.checkedNanos = System.nanoTime();
		this.sessions.close((session) -> {
			String user = session.user();
			Refusal refusal = (user != null) ? this.known.refusal(user, session.token()) : null;
			return (refusal != null) ? refusal.later() : null;
		});
	}

}
