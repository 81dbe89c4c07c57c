package dev.realtime.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.relay.rabbit}: the relay over RabbitMQ.
 *
 * @param uri the address, such as amqp://user:password@host:5672/vhost, amqps for TLS;
 * not needed where spring.rabbitmq.* has it
 * @param sslBundle name of the bundle (spring.ssl.bundle) with the certificates that are
 * trusted, and this node's own if the server asks for one; the JDK's without it
 * @param exchange name of the exchange that the nodes share; fleets that share a virtual
 * host need different ones
 * @param timeout longest time to connect, and until the server answers
 * @param queueLength how many messages may wait for this node; the oldest beyond are
 * dropped and found in the log
 * @param unconfirmed how many announcements may wait for the server's confirmation; more
 * are not announced
 */
public record RabbitProperties(@Nullable String uri, @Nullable String sslBundle,
		@DefaultValue("rt.relay") String exchange, @DefaultValue("2s") Duration timeout,
		@DefaultValue("50000") int queueLength, @DefaultValue("10000") int unconfirmed) {

	public RabbitProperties {
		PropertyBounds.check(exchange.matches("[A-Za-z0-9_.:-]{1,64}") && !exchange.startsWith("amq."),
				"realtime.relay.rabbit.exchange", exchange,
				"must be 1 to 64 characters of A-Z a-z 0-9 _ . : -, and not begin with amq.");
		PropertyBounds.atLeast("realtime.relay.rabbit.timeout", timeout, Duration.ofMillis(50), "must be 50ms or more");
		PropertyBounds.range("realtime.relay.rabbit.queue-length", queueLength, 1, 10_000_000);
		PropertyBounds.range("realtime.relay.rabbit.unconfirmed", unconfirmed, 1, 10_000_000);
	}

	/** Without the address, which may have a password. */
	@Override
	public String toString() {
		return "RabbitProperties[exchange=" + this.exchange + ']';
	}

}
