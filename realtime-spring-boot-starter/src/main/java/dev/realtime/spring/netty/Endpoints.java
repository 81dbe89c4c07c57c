package dev.realtime.spring.netty;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * The application's STOMP endpoints by their paths: each with the handler that the
 * servlet endpoint has, decorators included. SockJS is for servlets only.
 */
final class Endpoints {

	private final Map<String, WebSocketHandler> byPath = new TreeMap<>();

	Endpoints(AbstractUrlHandlerMapping mapping) {
		mapping.getHandlerMap().forEach((path, handler) -> {
			if (handler instanceof WebSocketHttpRequestHandler endpoint) {
				this.byPath.put(path, endpoint.getWebSocketHandler());
			}
		});
		if (this.byPath.isEmpty()) {
			throw new IllegalStateException("realtime.netty.port is set, but the application has no STOMP endpoint "
					+ "without SockJS; add one with registry.addEndpoint(...)");
		}
	}

	@Nullable WebSocketHandler find(String path) {
		return this.byPath.get(path);
	}

	/** The paths as clients see them. */
	String below(String prefix) {
		return this.byPath.keySet().stream().map(prefix::concat).collect(Collectors.joining(", "));
	}

}
