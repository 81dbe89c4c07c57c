package dev.realtime.spring.stomp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Map;

import dev.realtime.spring.AddressConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * How many connections an address and a user may have on this node. A handshake beyond
 * that is answered with 429. A connection is counted when it is open, so of handshakes at
 * the same time some may be closed then. Safe for any number of threads.
 *
 * @param addresses counts by address
 * @param users counts by user
 */
record ConnectionLimits(AddressConnections addresses, UserConnections users) implements HandshakeInterceptor {

	/** The name of the bean. */
	static final String BEAN = "realtimeConnectionLimits";

	private static final String RETRY_AFTER = "2";

	/** Streams, which have their place already, are answered by others. */
	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws IOException {
		if (attributes.containsKey(AddressConnections.PLACE)) {
			return true;
		}
		if (!this.addresses.hasRoom(request.getRemoteAddress())) {
			return refuse(response, HttpStatus.TOO_MANY_REQUESTS, AddressConnections.SENTENCE);
		}
		Principal user = request.getPrincipal();
		return this.users.hasRoom((user != null) ? user.getName() : null)
				|| refuse(response, HttpStatus.TOO_MANY_REQUESTS, this.users.sentence());
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

	/** Counts a socket; null if its address has as many as it may have. */
	AddressConnections.@Nullable Place enter(@Nullable InetSocketAddress client) {
		return this.addresses.enter(client);
	}

	/** Answers a handshake, which may be repeated soon; always false. */
	static boolean refuse(ServerHttpResponse response, HttpStatus status, String sentence) throws IOException {
		response.setStatusCode(status);
		response.getHeaders().setContentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
		response.getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
		// A client that goes on with frames must not have them read as requests.
		response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		response.getBody().write((sentence + '\n').getBytes(StandardCharsets.UTF_8));
		return false;
	}

}
