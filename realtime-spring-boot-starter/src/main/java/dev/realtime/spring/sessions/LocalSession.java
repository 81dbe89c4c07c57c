package dev.realtime.spring.sessions;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Instant;
import java.util.Map;

import dev.realtime.connection.Connection;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

/**
 * A session of this node whose CONNECT was let in.
 *
 * @param openedNanos when, by this node's monotonic clock
 * @param attributes the session's, as Spring has them
 */
record LocalSession(Connection connection, @Nullable Principal principal, @Nullable ConnectToken token,
		long openedNanos, Instant connectedAt, Map<String, Object> attributes) {

	/** The same session with other credentials. */
	LocalSession with(Principal user, @Nullable ConnectToken other) {
		return new LocalSession(this.connection, user, other, this.openedNanos, this.connectedAt, this.attributes);
	}

	@Nullable String user() {
		return (this.principal != null) ? this.principal.getName() : null;
	}

	/** Sessions are the same when their connections are. */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof LocalSession session && session.connection == this.connection;
	}

	@Override
	public int hashCode() {
		return this.connection.hashCode();
	}

	boolean isOf(String user) {
		return user.equals(user());
	}

	/** The client's address without the port, as far as it is known. */
	@Nullable String address() {
		return (this.attributes.get(ConnectRequest.REMOTE_ADDRESS) instanceof InetSocketAddress remote)
				? (remote.isUnresolved() ? remote.getHostString() : remote.getAddress().getHostAddress()) : null;
	}

}
