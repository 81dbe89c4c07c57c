package dev.realtime.spring;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.gateway}: how gateways hand SENDs to the application's nodes.
 *
 * @param secret what both seal their messages with, 32 to 1,024 characters, the same on
 * all of them; a node takes no SENDs of gateways without it
 * @param destinations what the destinations begin with that gateways hand on
 * @param timeout how long a SEND may wait for a node and its answer
 * @param lease how long a node that is not heard of counts as there; 500 ms to 1 minute
 * @param pending how many SENDs of a gateway may be without an answer
 * @param pendingPerConnection how many of those one connection may have
 * @param pendingBytes how large all of those may be together
 * @param maxSessions how many sessions of gateways a node remembers, and how many SENDs
 * it has under way at most
 */
@ConfigurationProperties("realtime.gateway")
public record GatewayProperties(@Nullable String secret, @DefaultValue("/app/") List<String> destinations,
		@DefaultValue("10s") Duration timeout, @DefaultValue("3s") Duration lease, @DefaultValue("10000") int pending,
		@DefaultValue("64") int pendingPerConnection, @DefaultValue("64MB") DataSize pendingBytes,
		@DefaultValue("100000") int maxSessions) {

	/** The name of {@link #secret()}. */
	public static final String SECRET = "realtime.gateway.secret";

	public GatewayProperties {
		destinations = List.copyOf(destinations);
		PropertyBounds.check(secret == null || (secret.length() >= 32 && secret.length() <= 1_024), SECRET, "******",
				"must have 32 to 1,024 characters");
		PropertyBounds.check(
				!destinations.isEmpty() && destinations.stream().allMatch((each) -> each.matches("/[^/].*/")),
				"realtime.gateway.destinations", destinations,
				"must be prefixes that begin and end with /, such as /app/");
		PropertyBounds.positive("realtime.gateway.timeout", timeout);
		PropertyBounds.check(lease.toMillis() >= 500 && lease.toSeconds() <= 60, "realtime.gateway.lease",
				PropertyBounds.text(lease), "must be 500ms to 1m");
		PropertyBounds.range("realtime.gateway.pending", pending, 1, 1_000_000);
		PropertyBounds.range("realtime.gateway.pending-per-connection", pendingPerConnection, 1, 10_000);
		PropertyBounds.check(pendingBytes.toKilobytes() >= 64, "realtime.gateway.pending-bytes", pendingBytes,
				"must be 64KB or more, room for one message");
		PropertyBounds.range("realtime.gateway.max-sessions", maxSessions, 1, 10_000_000);
	}

	/** The bytes of the secret, which must be set. */
	public byte[] key() {
		return Objects.requireNonNull(this.secret).getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return "GatewayProperties[destinations=" + this.destinations + ", timeout=" + this.timeout + ']';
	}

}
