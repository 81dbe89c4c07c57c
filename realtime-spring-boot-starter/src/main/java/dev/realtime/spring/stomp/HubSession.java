package dev.realtime.spring.stomp;

import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;

import org.springframework.web.socket.WebSocketSession;

/** A session that brings its own transport: it says how it becomes a connection. */
public interface HubSession extends WebSocketSession {

	/** Joins the hub, once. */
	Connection connect(Hub hub);

	/**
	 * Whether the connection counts among those of its client's address since before this
	 * session was made.
	 */
	boolean isCounted();

}
