package dev.realtime.spring.upgrade;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Map;

import dev.realtime.spring.websocket.HeaderLines;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;

/**
 * What a client said in its handshake.
 *
 * @param headerLines its headers
 */
record UpgradeRequest(URI uri, HeaderLines headerLines, @Nullable String protocol, @Nullable Principal user,
		InetSocketAddress local, InetSocketAddress remote, Map<String, Object> attributes) {

	static UpgradeRequest of(ServerHttpRequest request, @Nullable String protocol, @Nullable Principal user,
			Map<String, Object> attributes) {
		HeaderLines lines = HeaderLines.of((next) -> request.getHeaders()
			.forEach((name, values) -> values.forEach((value) -> next.accept(name, value))));
		return new UpgradeRequest(request.getURI(), lines, protocol, user, request.getLocalAddress(),
				request.getRemoteAddress(), attributes);
	}

}
