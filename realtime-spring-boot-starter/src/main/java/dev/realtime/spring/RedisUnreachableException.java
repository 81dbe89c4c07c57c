package dev.realtime.spring;

/** Redis did not answer when the node started. */
class RedisUnreachableException extends RuntimeException {

	private final String address;

	RedisUnreachableException(String address, Throwable cause) {
		super("Redis cannot be reached at " + address, cause);
		this.address = address;
	}

	String address() {
		return this.address;
	}

}
