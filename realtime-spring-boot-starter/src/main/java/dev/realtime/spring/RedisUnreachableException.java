package dev.realtime.spring;

import dev.realtime.redis.RedisDiagnosis;
import org.jspecify.annotations.Nullable;

/** Redis did not answer, or refused, when the node started. */
class RedisUnreachableException extends RuntimeException {

	private final String address;

	private final @Nullable String why;

	RedisUnreachableException(String address, Throwable cause) {
		this(address, RedisDiagnosis.of(cause), cause);
	}

	private RedisUnreachableException(String address, @Nullable String why, Throwable cause) {
		super((why != null) ? "Redis at " + address + " cannot be used: " + why
				: "Redis cannot be reached at " + address, cause);
		this.address = address;
		this.why = why;
	}

	/** What it answered, as a sentence, or null when it did not answer. */
	@Nullable String why() {
		return this.why;
	}

	String address() {
		return this.address;
	}

}
