package dev.realtime.spring.upgrade;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;

import dev.realtime.spring.websocket.HeaderLines;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;

/**
 * What a client said in its handshake. It stays as long as the connection, so it is as
 * few objects as possible: most applications never look at it.
 *
 * @param address what was asked for, a URI
 * @param headerLines its headers
 */
record UpgradeRequest(String address, HeaderLines headerLines, @Nullable String protocol, @Nullable Principal user,
		InetSocketAddress local, InetSocketAddress remote) {

	static UpgradeRequest of(ServerHttpRequest request, @Nullable String protocol, @Nullable Principal user) {
		HeaderLines lines = HeaderLines.of((next) -> request.getHeaders()
			.forEach((name, values) -> values.forEach((value) -> next.accept(name, value))));
		return new UpgradeRequest(request.getURI().toString(), lines, (protocol != null) ? protocol.intern() : null,
				user, request.getLocalAddress(), request.getRemoteAddress());
	}

	URI uri() {
		return URI.create(this.address);
	}

}
