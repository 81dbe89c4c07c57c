package dev.realtime.sample.chat.redis;

import org.jspecify.annotations.Nullable;

/** The embedded Redis could not be started. */
class EmbeddedRedisException extends RuntimeException {

	private final int port;

	EmbeddedRedisException(int port, String why, @Nullable Throwable cause) {
		super("The embedded Redis could not be started on port " + port + ": " + why, cause);
		this.port = port;
	}

	int port() {
		return this.port;
	}

}
