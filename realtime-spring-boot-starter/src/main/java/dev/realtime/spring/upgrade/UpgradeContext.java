package dev.realtime.spring.upgrade;

import java.util.List;

import dev.realtime.loop.Loop;
import dev.realtime.spring.stomp.InboundExecutor;

/**
 * What the connections that were taken over share.
 *
 * @param inbound handles what comes from the clients
 * @param timer runs what happens later
 * @param maxFrameSize most bytes of a client's WebSocket frame
 * @param inboundPending frames of one client that may wait to be handled
 * @param inboundBytes bytes of one client's frames that may wait to be handled
 * @param pingNanos after how long of silence a client is pinged; 0 for never
 * @param compression whether to compress for clients that offer it
 * @param containers the kinds of containers that hand sockets over
 * @param required whether a handshake fails whose socket the container keeps
 */
record UpgradeContext(InboundExecutor inbound, Loop timer, int maxFrameSize, int inboundPending, long inboundBytes,
		long pingNanos, boolean compression, List<SocketContainer> containers, boolean required) {
}
