package dev.realtime.spring.netty;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.spring.stomp.InboundExecutor;

/**
 * What the connections of a listener share.
 *
 * @param endpoints the STOMP endpoints by path
 * @param origins whose pages may connect
 * @param inbound handles what comes from the clients
 * @param maxFrameSize largest WebSocket frame from a client
 * @param inboundPending frames of one client that may wait to be handled
 * @param maxConnections most connections at once
 * @param pingNanos after how long of silence a client is pinged; 0 for never
 * @param connections how many there are now, handshakes included
 */
record ListenerContext(Endpoints endpoints, Origins origins, InboundExecutor inbound, int maxFrameSize,
		int inboundPending, int maxConnections, long pingNanos, AtomicInteger connections) {

	boolean hasRoom() {
		return this.connections.get() <= this.maxConnections;
	}

}
