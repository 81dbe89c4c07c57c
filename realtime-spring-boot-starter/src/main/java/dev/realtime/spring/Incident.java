package dev.realtime.spring;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

import org.springframework.core.NestedExceptionUtils;

/**
 * A failure that a client is told of without being told what it was. The client's
 * sentence and the log line with the exception have the same reference.
 * <p>
 * A client may be able to provoke a failure as often as it likes, and when a server is
 * away all of them do. So failures of one cause, which have the same root at the same
 * places and reach the same logger, are one line a minute, with the number of them since
 * the line before; within that minute they share its reference. With the level DEBUG each
 * is logged.
 */
public final class Incident {

	/** The word for programs. */
	public static final String WORD = "internal-error";

	private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** Beyond this number of causes all are logged anew. */
	private static final int MAX_CAUSES = 1_000;

	/** The first places of a stack trace by which causes differ. */
	private static final int MAX_PLACES = 6;

	private static final Map<String, Line> lines = new ConcurrentHashMap<>();

	private Incident() {
	}

	/**
	 * Logs the failure and returns the sentence for the client.
	 * @param what a clause for the sentence and the log, such as {@code the frame could
	 * not be handled}
	 */
	public static String log(Logger logger, String what, Throwable failure) {
		return "Because of an error in the service " + what + " (reference "
				+ log(logger, "A client's request failed: ", what, failure) + ")";
	}

	/**
	 * Logs the failure and returns the reference alone.
	 * @param what a clause for the log, such as {@code the source of a text failed}
	 */
	public static String reference(Logger logger, String what, Throwable failure) {
		return log(logger, "", what, failure);
	}

	private static String log(Logger logger, String prefix, String what, Throwable failure) {
		Line line = occurred(logger, failure, System.nanoTime());
		if (line.isDue()) {
			logger.error("{}{} (reference {}, {} times since this was last logged)", prefix, what, line.reference(),
					line.times(), PlainTrace.of(failure));
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("{}{} (reference {})", prefix, what, line.reference(), PlainTrace.of(failure));
		}
		return line.reference();
	}

	/**
	 * Logs a failure that no client is told of, which the service survives.
	 * @param what a sentence without its full stop, and without what only this one
	 * failure has, such as a session's id
	 */
	public static void warn(Logger logger, String what, Throwable failure) {
		log(logger, Level.WARN, what, failure);
	}

	/**
	 * Logs a failure that no client is told of, and that should not happen.
	 * @param what as for {@link #warn}
	 */
	public static void error(Logger logger, String what, Throwable failure) {
		log(logger, Level.ERROR, what, failure);
	}

	private static void log(Logger logger, Level level, String what, Throwable failure) {
		Line line = occurred(logger, failure, System.nanoTime());
		if (line.isDue()) {
			logger.makeLoggingEventBuilder(level)
				.log("{} ({} times since this was last logged)", what, line.times(), PlainTrace.of(failure));
		}
		else if (logger.isDebugEnabled()) {
			logger.debug(what, PlainTrace.of(failure));
		}
	}

	/**
	 * Returns whether no failure of this cause has occurred within the last minute, for
	 * failures that are worth a line each, but not a stack trace.
	 */
	public static boolean isFirst(Logger logger, Throwable failure) {
		return occurred(logger, failure, System.nanoTime()).isDue();
	}

	/**
	 * Returns a failure that may have a client's frame in its text as the log may have
	 * it, with types, messages and stack traces, and without headers and payloads.
	 */
	public static Throwable plain(Throwable failure) {
		return PlainTrace.of(failure);
	}

	static Line occurred(Logger logger, Throwable failure, long now) {
		String cause = logger.getName() + ' ' + cause(NestedExceptionUtils.getMostSpecificCause(failure));
		if (lines.size() >= MAX_CAUSES && !lines.containsKey(cause)) {
			lines.clear();
		}
		return Objects.requireNonNull(lines.compute(cause, (key, last) -> next(last, now)));
	}

	private static Line next(@Nullable Line last, long now) {
		if (last != null && now - last.nanos() < PAUSE_NANOS) {
			return new Line(last.reference(), last.nanos(), (last.isDue() ? 0 : last.times()) + 1, false);
		}
		long since = (last == null || last.isDue()) ? 0 : last.times();
		return new Line(HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()), now, since + 1, true);
	}

	private static String cause(Throwable root) {
		StackTraceElement[] trace = root.getStackTrace();
		return root.getClass().getName() + ' '
				+ Arrays.asList(trace).subList(0, Math.min(trace.length, MAX_PLACES)).hashCode();
	}

	/**
	 * The last line of a cause.
	 *
	 * @param reference what its clients are told
	 * @param nanos when it was logged
	 * @param times how often the failure occurred: since the line before if the line is
	 * due, and since this line if it is not
	 * @param isDue whether the line is to be logged now
	 */
	record Line(String reference, long nanos, long times, boolean isDue) {
	}

}
