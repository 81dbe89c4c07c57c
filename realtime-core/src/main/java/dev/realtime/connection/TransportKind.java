package dev.realtime.connection;

import java.util.Locale;

/** How a connection's frames reach the client, in a fixed number of words. */
public enum TransportKind {

	/** A WebSocket whose socket the servlet container has handed over. */
	DIRECT,

	/** A WebSocket of the servlet container. */
	SERVLET,

	/** A WebSocket of the Netty listener. */
	NETTY,

	/** SockJS over the servlet container's WebSocket. */
	SOCKJS,

	/** A socket that is written to by a thread that waits, such as SockJS over HTTP. */
	BLOCKING,

	/** A stream of server-sent events. */
	SSE,

	/** A long poll. */
	POLL,

	/** A SEND over HTTP. */
	SEND,

	/** None of these. */
	OTHER;

	private final String word = name().toLowerCase(Locale.ROOT);

	/** The kind in lower case, for meters and operators. */
	public String word() {
		return this.word;
	}

}
