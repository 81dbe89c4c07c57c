package dev.realtime.spring.stream;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * The application's STOMP endpoint that streams are sessions of.
 *
 * @param handler handles its sessions, decorators included
 * @param interceptors what its handshakes pass: origins are checked there, and perhaps
 * more by the application
 */
public record StompEndpoint(WebSocketHandler handler, List<HandshakeInterceptor> interceptors) {

	/**
	 * The endpoint at the preferred path, or the first one.
	 * @throws IllegalStateException when there is none
	 */
	static StompEndpoint find(AbstractUrlHandlerMapping mapping, String preferred) {
		Map<String, StompEndpoint> found = new TreeMap<>();
		mapping.getHandlerMap().forEach((path, handler) -> {
			StompEndpoint endpoint = of(handler);
			if (endpoint != null) {
				found.put(path, endpoint);
			}
		});
		StompEndpoint best = found.get(preferred);
		if (best == null) {
			best = found.values()
				.stream()
				.findFirst()
				.orElseThrow(() -> new IllegalStateException(
						"Streams over HTTP need a STOMP endpoint; add one with registry.addEndpoint(...)"));
		}
		return best;
	}

	private static @Nullable StompEndpoint of(Object handler) {
		if (handler instanceof WebSocketHttpRequestHandler plain) {
			return new StompEndpoint(plain.getWebSocketHandler(), plain.getHandshakeInterceptors());
		}
		if (handler instanceof SockJsHttpRequestHandler sockJs) {
			List<HandshakeInterceptor> interceptors = (sockJs
				.getSockJsService() instanceof TransportHandlingSockJsService service)
						? service.getHandshakeInterceptors() : List.of();
			return new StompEndpoint(sockJs.getWebSocketHandler(), interceptors);
		}
		return null;
	}

}
