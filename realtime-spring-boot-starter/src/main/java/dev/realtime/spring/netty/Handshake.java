package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.util.Map;

import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * What a client said when it connected.
 *
 * @param uri the request's path and query
 * @param headerLines its headers, as few objects as possible: most applications never
 * look at them
 * @param protocol the sub-protocol that was agreed on, or null
 * @param remoteAddress the client's, as far as it is known
 * @param maxFrameSize the largest WebSocket frame that it may send
 * @param compressed whether messages may be compressed
 */
record Handshake(String uri, String headerLines, @Nullable String protocol, @Nullable InetSocketAddress remoteAddress,
		int maxFrameSize, boolean compressed) {

	static Handshake of(FullHttpRequest request, @Nullable String protocol, @Nullable InetSocketAddress remoteAddress,
			int maxFrameSize, boolean compressed) {
		StringBuilder lines = new StringBuilder();
		for (Map.Entry<String, String> header : request.headers()) {
			lines.append(header.getKey()).append(':').append(header.getValue()).append('\n');
		}
		return new Handshake(request.uri(), lines.toString(), protocol, remoteAddress, maxFrameSize, compressed);
	}

	HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		this.headerLines.lines().forEach((line) -> {
			int colon = line.indexOf(':');
			headers.add(line.substring(0, colon), line.substring(colon + 1));
		});
		return headers;
	}

}
