package dev.realtime.redis;

/** Redis cannot be reached now; the command was not sent. */
public class RedisAwayException extends RuntimeException {

	/** Reports what was not done. */
	public RedisAwayException(String what) {
		super("Redis is not connected; " + what + " was not sent. The connection is tried again by itself");
	}

}
