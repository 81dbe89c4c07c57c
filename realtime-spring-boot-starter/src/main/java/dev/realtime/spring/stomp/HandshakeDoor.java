package dev.realtime.spring.stomp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.audit.Client;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvents;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Refuses the handshakes of addresses that may have no further connection before the
 * application's filters, its security and Spring MVC have any work with them: in an
 * attack there are many. What it does not know passes, and meets {@link ConnectionLimits}
 * behind them. Safe for any number of threads.
 */
final class HandshakeDoor implements Filter {

	private final Supplier<AddressConnections> addresses;

	private final Supplier<SecurityEvents> events;

	/**
	 * The paths of the STOMP endpoints as clients see them, without the application's.
	 */
	private final Supplier<Set<String>> paths;

	HandshakeDoor(Supplier<AddressConnections> addresses, Supplier<SecurityEvents> events,
			Supplier<Set<String>> paths) {
		this.addresses = addresses;
		this.events = events;
		this.paths = paths;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answer
				&& "websocket".equalsIgnoreCase(asked.getHeader(HttpHeaders.UPGRADE))
				&& isRefused(new ServletServerHttpRequest(asked).getRemoteAddress(), asked)) {
			ConnectionLimits.refuse(new ServletServerHttpResponse(answer), AddressConnections.SENTENCE);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private boolean isRefused(InetSocketAddress client, HttpServletRequest request) {
		if (this.addresses.get().hasRoom(client)) {
			return false;
		}
		String path = request.getRequestURI().substring(request.getContextPath().length());
		if (!this.paths.get().contains(path)) {
			return false;
		}
		this.events.get().refused(Door.HANDSHAKE, "rate-limited", Client.at(client));
		return true;
	}

	/**
	 * Comes behind the filter that reads headers of proxies, before nearly all others.
	 */
	static final class Registration extends FilterRegistrationBean<HandshakeDoor> {

		Registration(ApplicationContext context) {
			super(new HandshakeDoor(SingletonSupplier.of(() -> context.getBean(AddressConnections.class)),
					SingletonSupplier.of(() -> context.getBean(SecurityEvents.class)),
					SingletonSupplier.of(() -> paths(context))));
			setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
		}

		private static Set<String> paths(ApplicationContext context) {
			String servlet = context.getEnvironment().getProperty("spring.mvc.servlet.path", "/");
			String trimmed = servlet.endsWith("/") ? servlet.substring(0, servlet.length() - 1) : servlet;
			String prefix = (trimmed.isEmpty() || trimmed.startsWith("/")) ? trimmed : '/' + trimmed;
			return (context.getBean("stompWebSocketHandlerMapping") instanceof AbstractUrlHandlerMapping endpoints)
					? endpoints.getHandlerMap()
						.entrySet()
						.stream()
						.filter((each) -> each.getValue() instanceof WebSocketHttpRequestHandler)
						.map((each) -> prefix + each.getKey())
						.collect(Collectors.toUnmodifiableSet())
					: Set.of();
		}

	}

}
