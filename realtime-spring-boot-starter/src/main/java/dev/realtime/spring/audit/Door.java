package dev.realtime.spring.audit;

import java.util.Locale;

/** Where a client was refused. */
public enum Door {

	/** A handshake, or a connection before it. */
	HANDSHAKE,

	/** A CONNECT, or a connection that was closed for want of one. */
	CONNECT,

	/** A CONNECT with a ticket that is not valid. */
	TICKET,

	/** A SUBSCRIBE of any transport, or a subscription that was ended. */
	SUBSCRIBE,

	/** A SEND of any transport. */
	SEND,

	/**
	 * A request below {@code realtime.http.path} that was refused before it became a
	 * session: a read, or a stream, poll or POST.
	 */
	HTTP,

	/** An open connection, which was closed. */
	CONNECTION;

	/** Returns the value of the tag {@code door}. */
	public String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}
