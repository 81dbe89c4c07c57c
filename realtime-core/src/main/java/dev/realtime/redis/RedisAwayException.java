package dev.realtime.redis;

/** Redis cannot be reached now; the command was not sent. */
public class RedisAwayException extends RuntimeException {

	/** Reports what was not done. */
	public RedisAwayException(String what) {
		super("Redis is not connected; " + what + " was not sent. It is tried again by itself once Redis is back");
	}

}
