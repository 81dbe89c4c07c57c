package dev.realtime.bench.load;

import io.netty.buffer.ByteBuf;

/** How a kind of server is spoken to, over a WebSocket. On the load's event loop. */
public interface Dialect {

	/** Path and query of the WebSocket. */
	String path();

	/** The sub-protocol to ask for, or an empty text. */
	String protocol();

	/** The WebSocket is open: introduces the client. */
	void opened(Peer peer);

	/** One WebSocket message came. */
	void message(Peer peer, ByteBuf bytes, int start, int length);

	/** What publishes the body on the topic. */
	String publication(String topic, String body);

}
