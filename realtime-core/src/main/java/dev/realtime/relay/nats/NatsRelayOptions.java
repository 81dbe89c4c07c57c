package dev.realtime.relay.nats;

import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * How to connect to NATS, and what to bound.
 *
 * @param servers addresses such as {@code nats://host:4222} or {@code tls://host:4222};
 * others of their cluster are found by themselves
 * @param username user to connect as, or null
 * @param password that user's password, or null
 * @param token token to connect with, or null
 * @param credentials path of a credentials file, or null
 * @param prefix what subjects start with, words with dots between them
 * @param timeout how long connecting to a server and a confirmation may take
 * @param pendingBytes how many bytes may wait to be sent, and how many received ones for
 * the listener
 * @param tls trusts the servers, and has this node's own certificate if they ask for one;
 * null for the JDK's, used where an address begins with {@code tls://}
 */
public record NatsRelayOptions(List<String> servers, @Nullable String username, @Nullable String password,
		@Nullable String token, @Nullable String credentials, String prefix, Duration timeout, long pendingBytes,
		@Nullable SSLContext tls) {

	/** Copies the list. */
	public NatsRelayOptions {
		servers = List.copyOf(servers);
	}

	/** Options without TLS of their own. */
	public NatsRelayOptions(List<String> servers, @Nullable String username, @Nullable String password,
			@Nullable String token, @Nullable String credentials, String prefix, Duration timeout, long pendingBytes) {
		this(servers, username, password, token, credentials, prefix, timeout, pendingBytes, null);
	}

	/** Returns options without credentials: 2 s, 64 MB. */
	public static NatsRelayOptions of(String server, String prefix) {
		return new NatsRelayOptions(List.of(server), null, null, null, null, prefix, Duration.ofSeconds(2), 64 << 20);
	}

	/** Whether connections are to be encrypted. */
	boolean isTls() {
		return this.tls != null || this.servers.stream().anyMatch((server) -> server.startsWith("tls://"));
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "NatsRelayOptions[prefix=" + this.prefix + ", timeout=" + this.timeout + ']';
	}

}
