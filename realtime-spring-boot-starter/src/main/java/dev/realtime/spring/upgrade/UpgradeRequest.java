package dev.realtime.spring.upgrade;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

/**
 * What a client said in its handshake.
 *
 * @param headerLines its headers, as few objects as possible: most applications never
 * look at them
 */
record UpgradeRequest(URI uri, String headerLines, @Nullable String protocol, @Nullable Principal user,
		InetSocketAddress local, InetSocketAddress remote, Map<String, Object> attributes) {

	static UpgradeRequest of(ServerHttpRequest request, @Nullable String protocol, @Nullable Principal user,
			Map<String, Object> attributes) {
		StringBuilder lines = new StringBuilder();
		request.getHeaders()
			.forEach((name, values) -> values
				.forEach((value) -> lines.append(name).append(':').append(value).append('\n')));
		return new UpgradeRequest(request.getURI(), lines.toString(), protocol, user, request.getLocalAddress(),
				request.getRemoteAddress(), attributes);
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
