package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Reports handshakes that an interceptor behind this one has refused, the check of the
 * origin among them. Must be the first interceptor: Spring then calls it after the
 * others, whether they let the handshake pass or not.
 */
final class HandshakeRefusals implements HandshakeInterceptor {

	private final Supplier<SecurityEvents> events;

	HandshakeRefusals(Supplier<SecurityEvents> events) {
		this.events = events;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		return true;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
		String word = (response instanceof ServletServerHttpResponse servlet)
				? word(servlet.getServletResponse().getStatus(), request) : null;
		if (word != null) {
			Principal user = request.getPrincipal();
			this.events.get()
				.refused(Door.HANDSHAKE, word, new Client((user != null) ? user.getName() : null, null,
						Client.address(request.getRemoteAddress()), null));
		}
	}

	private static @Nullable String word(int status, ServerHttpRequest request) {
		if (status == HttpStatus.FORBIDDEN.value()) {
			return (request.getHeaders().getFirst(HttpHeaders.ORIGIN) != null) ? "origin" : "handshake";
		}
		if (status == HttpStatus.TOO_MANY_REQUESTS.value()) {
			return "rate-limited";
		}
		return (status == HttpStatus.UNAUTHORIZED.value()) ? "no-user" : null;
	}

}
