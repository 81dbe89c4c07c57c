package dev.realtime.spring.stomp;

import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import org.springframework.web.socket.WebSocketSession;

/** A session that brings its own transport: it says how it becomes a connection. */
public interface HubSession extends WebSocketSession {

	/** The header in which a client offers sub-protocols. */
	String SUB_PROTOCOL = "Sec-WebSocket-Protocol";

	/**
	 * Returns the sub-protocols that the client has offered in its handshake, with commas
	 * between them.
	 */
	default String offeredProtocols() {
		// Of the methods of HttpHeaders few are the same in Spring 6 and 7.
		return String.join(",", getHandshakeHeaders().getValuesAsList(SUB_PROTOCOL));
	}

	/** Joins the hub, once. */
	Connection connect(Hub hub);

	/**
	 * Whether the connection counts among those of its client's address since before this
	 * session was made.
	 */
	boolean isCounted();

}
