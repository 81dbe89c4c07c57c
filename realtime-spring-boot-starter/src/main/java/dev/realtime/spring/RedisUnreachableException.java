package dev.realtime.spring;

import dev.realtime.redis.RedisDiagnosis;
import org.jspecify.annotations.Nullable;

/** Redis did not answer, or refused, when the node started. */
class RedisUnreachableException extends RuntimeException {

	private final String address;

	private final boolean shards;

	private final @Nullable String why;

	/**
	 * Reports servers.
	 * @param shards whether they are those of {@code realtime.redis.shards}
	 */
	RedisUnreachableException(String address, boolean shards, Throwable cause) {
		this(address, shards, RedisDiagnosis.of(cause), cause);
	}

	private RedisUnreachableException(String address, boolean shards, @Nullable String why, Throwable cause) {
		super((why != null) ? "Redis at " + address + " cannot be used: " + why
				: "Redis cannot be reached at " + address, cause);
		this.address = address;
		this.shards = shards;
		this.why = why;
	}

	/** What it answered, as a sentence, or null when it did not answer. */
	@Nullable String why() {
		return this.why;
	}

	/** Whether the servers are those of {@code realtime.redis.shards}. */
	boolean isShards() {
		return this.shards;
	}

	String address() {
		return this.address;
	}

}
