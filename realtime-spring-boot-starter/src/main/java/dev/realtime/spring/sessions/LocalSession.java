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
 * @param user the principal's name, as it was said at CONNECT or at the last renewal:
 * principals are the application's, and are not asked again
 * @param openedNanos when, by this node's monotonic clock
 * @param attributes the session's, as Spring has them
 */
record LocalSession(Connection connection, @Nullable Principal principal, @Nullable String user,
		@Nullable ConnectToken token, long openedNanos, Instant connectedAt, Map<String, Object> attributes) {

	LocalSession(Connection connection, @Nullable Principal principal, @Nullable ConnectToken token, long openedNanos,
			Instant connectedAt, Map<String, Object> attributes) {
		this(connection, principal, (principal != null) ? principal.getName() : null, token, openedNanos, connectedAt,
				attributes);
	}

	/** The same session with other credentials. */
	LocalSession with(Principal user, @Nullable ConnectToken other) {
		return new LocalSession(this.connection, user, other, this.openedNanos, this.connectedAt, this.attributes);
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
		return user.equals(this.user);
	}

	/** The client's address without the port, as far as it is known. */
	@Nullable String address() {
		return (this.attributes.get(ConnectRequest.REMOTE_ADDRESS) instanceof InetSocketAddress remote)
				? (remote.isUnresolved() ? remote.getHostString() : remote.getAddress().getHostAddress()) : null;
	}

}
