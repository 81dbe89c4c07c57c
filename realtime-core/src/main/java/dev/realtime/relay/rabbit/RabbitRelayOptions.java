package dev.realtime.relay.rabbit;

import java.time.Duration;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * How to connect to RabbitMQ, and what to bound.
 *
 * @param uri such as {@code amqp://user:password@host:5672/vhost}; {@code amqps} for TLS,
 * with the JDK's trust store unless there is another
 * @param exchange name of the exchange that the nodes share
 * @param timeout how long connecting, a confirmation and each other answer may take
 * @param queueLength how many messages may wait for this node; the oldest beyond are
 * dropped, and found in the log
 * @param unconfirmed how many announcements may wait for RabbitMQ's confirmation; more
 * fail
 * @param tls trusts the server, for {@code amqps}, and has this node's own certificate if
 * the server asks for one; null for the JDK's
 */
public record RabbitRelayOptions(String uri, String exchange, Duration timeout, int queueLength, int unconfirmed,
		@Nullable SSLContext tls) {

	/** Options without TLS of their own. */
	public RabbitRelayOptions(String uri, String exchange, Duration timeout, int queueLength, int unconfirmed) {
		this(uri, exchange, timeout, queueLength, unconfirmed, null);
	}

	/** Returns options for a server: 2 s, 50,000 messages, 10,000 announcements. */
	public static RabbitRelayOptions of(String uri, String exchange) {
		return new RabbitRelayOptions(uri, exchange, Duration.ofSeconds(2), 50_000, 10_000);
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "RabbitRelayOptions[" + address() + ", exchange=" + this.exchange + ']';
	}

	/** The address without user and password. */
	String address() {
		return this.uri.replaceAll("//[^/@]*@", "//");
	}

}
