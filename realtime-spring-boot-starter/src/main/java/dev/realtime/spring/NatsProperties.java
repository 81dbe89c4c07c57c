package dev.realtime.spring;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.relay.nats}: the relay over NATS, without JetStream.
 *
 * @param servers the servers' addresses; others of their cluster are found by themselves
 * @param username the user to connect as
 * @param password that user's password
 * @param token a token to connect with, instead of a user
 * @param credentials path of a credentials file (JWT and NKey seed), instead of a user
 * @param sslBundle name of the bundle (spring.ssl.bundle) with the certificates that are
 * trusted, and this node's own if the servers ask for one; the JDK's without it
 * @param prefix what all subjects start with; fleets that share servers need different
 * ones
 * @param timeout longest time to connect to a server, and until it confirms a
 * subscription
 * @param pending how many bytes may wait to be sent, and how many received ones for this
 * node; more are not announced, or dropped and found in the log
 */
public record NatsProperties(@DefaultValue("nats://localhost:4222") List<String> servers, @Nullable String username,
		@Nullable String password, @Nullable String token, @Nullable String credentials, @Nullable String sslBundle,
		@DefaultValue("rt") String prefix, @DefaultValue("2s") Duration timeout,
		@DefaultValue("64MB") DataSize pending) {

	public NatsProperties {
		servers = List.copyOf(servers);
		PropertyBounds.check(!servers.isEmpty(), "realtime.relay.nats.servers", null, "must name a server");
		PropertyBounds.check(prefix.matches("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){0,7}"),
				"realtime.relay.nats.prefix", prefix, "must be words of A-Z a-z 0-9 _ -, with dots between them");
		PropertyBounds.atLeast("realtime.relay.nats.timeout", timeout, Duration.ofMillis(50), "must be 50ms or more");
		PropertyBounds.size("realtime.relay.nats.pending", pending, 1_048_576);
		int ways = ((username != null) ? 1 : 0) + ((token != null) ? 1 : 0) + ((credentials != null) ? 1 : 0);
		PropertyBounds.check(ways <= 1, "realtime.relay.nats.username", username,
				"cannot be used with realtime.relay.nats.token or realtime.relay.nats.credentials; choose one");
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "NatsProperties[servers=" + this.servers.size() + ", prefix=" + this.prefix + ']';
	}

}
