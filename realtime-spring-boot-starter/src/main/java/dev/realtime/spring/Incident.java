package dev.realtime.spring;

import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.core.NestedExceptionUtils;

/**
 * A failure that a client is told of without being told what it was. The client's
 * sentence and the log line with the exception have the same reference.
 * <p>
 * A client may be able to provoke a failure as often as it likes. So the stack trace of
 * failures of one kind, which have the same root cause at the same place, is logged once
 * a minute; the others are one line each.
 */
public final class Incident {

	/** The word for programs. */
	public static final String WORD = "internal-error";

	private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	/** Beyond this number of kinds all are traced anew. */
	private static final int MAX_KINDS = 1_000;

	private static final int MAX_MESSAGE = 300;

	/** When the stack trace of a kind was logged last. */
	private static final Map<String, Long> traced = new ConcurrentHashMap<>();

	private Incident() {
	}

	/**
	 * Logs the failure and returns the sentence for the client.
	 * @param what a clause for the sentence and the log, such as {@code the frame could
	 * not be handled}
	 */
	public static String log(Logger logger, String what, Throwable failure) {
		String reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		String kind = kind(root);
		if (isToBeTraced(kind, System.nanoTime())) {
			logger.error("A client's request failed: {} (reference {})", what, reference, PlainTrace.of(failure));
		}
		else {
			logger.error("A client's request failed: {} (reference {}): {}: {}; a stack trace was logged within the "
					+ "last minute", what, reference, kind, oneLine(root.getMessage()));
		}
		return "Because of an error in the service " + what + " (reference " + reference + ")";
	}

	/**
	 * Returns a failure that may have a client's frame in its text as the log may have
	 * it, with types, messages and stack traces, and without headers and payloads.
	 */
	public static Throwable plain(Throwable failure) {
		return PlainTrace.of(failure);
	}

	private static boolean isToBeTraced(String kind, long now) {
		Long last = traced.get(kind);
		if (last != null && now - last < PAUSE_NANOS) {
			return false;
		}
		if (traced.size() >= MAX_KINDS) {
			traced.clear();
		}
		traced.put(kind, now);
		return true;
	}

	/** A message may have a client's text in it. */
	private static String oneLine(@Nullable String message) {
		String text = String.valueOf(message);
		return PlainTrace.oneLine((text.length() > MAX_MESSAGE) ? text.substring(0, MAX_MESSAGE) + '…' : text);
	}

	private static String kind(Throwable root) {
		StackTraceElement[] trace = root.getStackTrace();
		return root.getClass().getName() + ((trace.length > 0) ? " at " + trace[0] : "");
	}

}
