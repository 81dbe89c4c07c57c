package dev.realtime.spring.netty;

import java.net.InetSocketAddress;

import dev.realtime.spring.websocket.HeaderLines;
import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a client said when it connected.
 *
 * @param uri the request's path and query
 * @param headerLines its headers
 * @param protocol the sub-protocol that was agreed on, or null
 * @param remoteAddress the client's, as far as it is known
 * @param maxFrameSize the largest WebSocket frame that it may send
 * @param compressed whether messages may be compressed
 */
record Handshake(String uri, HeaderLines headerLines, @Nullable String protocol,
		@Nullable InetSocketAddress remoteAddress, int maxFrameSize, boolean compressed) {

	static Handshake of(FullHttpRequest request, @Nullable String protocol, @Nullable InetSocketAddress remoteAddress,
			int maxFrameSize, boolean compressed) {
		return new Handshake(request.uri(), HeaderLines.of(request.headers()),
				(protocol != null) ? protocol.intern() : null, remoteAddress, maxFrameSize, compressed);
	}

}
