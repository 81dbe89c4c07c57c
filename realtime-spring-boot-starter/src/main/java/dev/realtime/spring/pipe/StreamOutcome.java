package dev.realtime.spring.pipe;

import java.util.Locale;

/** How a text ended. */
public enum StreamOutcome {

	/** Its source has completed. */
	DONE,

	/** Its source failed; the log has the reason, with the end's reference. */
	FAILED,

	/** The application stopped it. */
	STOPPED,

	/** The node shut down. */
	INTERRUPTED,

	/** It grew for longer than {@code realtime.pipe.timeout}. */
	TIMED_OUT,

	/** It was longer than {@code realtime.pipe.max-length}, and is cut off there. */
	TOO_LONG,

	/**
	 * A message of it could not be published within
	 * {@code realtime.pipe.publish-timeout}. Readers get no end, and give the text up
	 * when they have waited long enough.
	 */
	UNPUBLISHED;

	/** Returns the word in the header of the end, and in the tag of the meter. */
	public String word() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
