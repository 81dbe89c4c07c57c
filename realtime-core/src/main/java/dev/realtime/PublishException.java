package dev.realtime;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/** A message that could not be published; the message text says why. */
public class PublishException extends RuntimeException {

	private final boolean outcomeUnknown;

	private PublishException(Topic topic, String why, boolean outcomeUnknown, @Nullable Throwable cause) {
		super("Could not publish on \"" + topic + "\": " + why, cause);
		this.outcomeUnknown = outcomeUnknown;
	}

	/** A failure before anything was stored. */
	public static PublishException refused(Topic topic, String why, @Nullable Throwable cause) {
		return new PublishException(topic, why, false, cause);
	}

	/** A failure after the request was on its way. */
	public static PublishException unknown(Topic topic, String why, @Nullable Throwable cause) {
		return new PublishException(topic, why, true, cause);
	}

	/** The given failure as a publish exception, unwrapped from its future. */
	public static PublishException of(Topic topic, Throwable failure) {
		Throwable cause = failure;
		while ((cause instanceof CompletionException || cause instanceof ExecutionException)
				&& cause.getCause() != null) {
			cause = cause.getCause();
		}
		if (cause instanceof PublishException known) {
			return known;
		}
		return unknown(topic, String.valueOf(cause.getMessage()), cause);
	}

	/**
	 * Whether the message may have been stored all the same, because the answer was lost
	 * on its way. Publishing again with the same {@link Publication#id() id} is then the
	 * way to find out without a double.
	 */
	public boolean isOutcomeUnknown() {
		return this.outcomeUnknown;
	}

}
