package dev.realtime.spring.netty;

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
 * @param compression whether to compress for clients that offer it
 * @param proxies who is believed about a client's address
 * @param stats what is counted
 */
record ListenerContext(Endpoints endpoints, Origins origins, InboundExecutor inbound, int maxFrameSize,
		int inboundPending, int maxConnections, long pingNanos, boolean compression, TrustedProxies proxies,
		ListenerStats stats) {

	boolean hasRoom() {
		return this.stats.connections() <= this.maxConnections;
	}

}
