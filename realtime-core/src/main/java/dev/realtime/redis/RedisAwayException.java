package dev.realtime.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be reached now; the command was not sent. */
public class RedisAwayException extends RuntimeException {

	private final @Nullable String why;

	/** Reports what was not done. */
	public RedisAwayException(String what) {
		this(what, null);
	}

	/**
	 * Reports what was not done.
	 * @param why the sentence of {@link RedisDiagnosis}, if the reason is known
	 */
	public RedisAwayException(String what, @Nullable String why) {
		super("Redis is not connected; " + what + " was not sent. The connection is retried automatically"
				+ ((why != null) ? ". The last attempt: " + why : ""));
		this.why = why;
	}

	/** Why it could not be reached, as a sentence, or null when that is not known. */
	public @Nullable String why() {
		return this.why;
	}

}
