package dev.realtime.spring;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A failure as the log may have it: the same types, messages and stack traces, but a
 * message with a client's line breaks in it cannot add lines that look like the log's
 * own, and nothing but the message is told. The text of Spring's
 * {@code MessagingException} has all headers of a frame, credentials among them.
 */
final class PlainTrace extends Exception {

	private static final long serialVersionUID = 1L;

	private static final Pattern LINE_BREAKING = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

	private PlainTrace(Throwable failure, @Nullable Throwable cause) {
		super(oneLine(text(failure)), cause);
		setStackTrace(failure.getStackTrace());
	}

	/** Returns the failure itself where no message of it needs to be changed. */
	static Throwable of(Throwable failure) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		boolean plain = true;
		for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
			plain = plain && isPlain(each);
			for (Throwable suppressed : each.getSuppressed()) {
				plain = plain && isPlain(suppressed) && suppressed.getCause() == null;
			}
		}
		return plain ? failure : copy(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	/** Replaces what could begin a new line. */
	static String oneLine(String text) {
		return LINE_BREAKING.matcher(text).replaceAll("?");
	}

	private static boolean isPlain(Throwable failure) {
		String text = text(failure);
		return text.equals(failure.toString()) && !LINE_BREAKING.matcher(text).find();
	}

	/** As {@link Throwable#toString()} has it, which types can replace. */
	private static String text(Throwable failure) {
		String name = failure.getClass().getName();
		String message = failure.getLocalizedMessage();
		return (message != null) ? name + ": " + message : name;
	}

	private static Throwable copy(Throwable failure, Set<Throwable> seen) {
		seen.add(failure);
		Throwable cause = failure.getCause();
		PlainTrace copy = new PlainTrace(failure, (cause != null && !seen.contains(cause)) ? copy(cause, seen) : null);
		for (Throwable suppressed : failure.getSuppressed()) {
			if (!seen.contains(suppressed)) {
				copy.addSuppressed(copy(suppressed, seen));
			}
		}
		return copy;
	}

}
