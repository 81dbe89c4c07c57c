package dev.realtime.spring.stomp;

import java.net.InetSocketAddress;
import java.security.Principal;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.spring.sessions.SessionDoor;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.WebSocketSession;

/**
 * Reports what sessions are refused, whatever their transport. Safe for any number of
 * threads; does not block.
 */
final class SessionRefusals {

	private static final int POLICY = 1008;

	private static final int TOO_LARGE = 1009;

	/** From here on: do not reconnect. */
	private static final int DISCONNECTED = 4500;

	private final SecurityEvents events;

	private final SessionDoor door;

	SessionRefusals(SecurityEvents events, SessionDoor door) {
		this.events = events;
		this.door = door;
	}

	/** The connection was refused something; it stays open. */
	static void report(Connection connection, Door door, String word, @Nullable String destination) {
		if (connection.owner() instanceof RealtimeSession session) {
			ObservedFrames observed = session.protocol().observed();
			if (observed != null && (door == Door.CONNECT || door == Door.TICKET)) {
				observed.connectRefused(word);
			}
			session.protocol().refusals().refused(session, connection.user(), door, word, destination);
		}
	}

	/**
	 * The connection was refused something and is about to be closed for it, which is not
	 * reported once more.
	 */
	static void reportLast(Connection connection, @Nullable Door door, String word, @Nullable String destination) {
		if (connection.owner() instanceof RealtimeSession session && session.protocol().isFirstReport()
				&& door != null) {
			report(connection, door, word, destination);
		}
	}

	/** The node closes the session. */
	void closing(RealtimeSession session, CloseReason reason) {
		String word = word(reason);
		if (word != null) {
			Connection connection = session.connection();
			refused(session, connection.user(), connection.isIntroduced() ? Door.CONNECTION : Door.CONNECT, word, null);
		}
	}

	/** A session was refused that has no connection yet. */
	void refused(WebSocketSession session, @Nullable String user, Door at, String word, @Nullable String destination) {
		String known = (user != null) ? user : this.door.user(session.getId());
		if (known == null) {
			Principal principal = session.getPrincipal();
			known = (principal != null) ? principal.getName() : null;
		}
		this.events.refused(at, word, new Client(known, session.getId(), address(session), destination));
	}

	private static @Nullable String address(WebSocketSession session) {
		return Client
			.address((session.getAttributes().get(ConnectRequest.REMOTE_ADDRESS) instanceof InetSocketAddress known)
					? known : session.getRemoteAddress());
	}

	/** Why the connection was refused; null where it ends for another reason. */
	static @Nullable String word(CloseReason reason) {
		int code = reason.code();
		if (code == POLICY || code == CloseReason.EXPIRED.code()) {
			return reason.text();
		}
		if (code == CloseReason.UNAVAILABLE.code()) {
			return (reason.equals(CloseReason.UNAVAILABLE) || reason.equals(CloseReason.OVERFLOW)) ? null
					: reason.text();
		}
		return (code == TOO_LARGE) ? "too-large" : (code >= DISCONNECTED && code < 5_000) ? "disconnected" : null;
	}

}
