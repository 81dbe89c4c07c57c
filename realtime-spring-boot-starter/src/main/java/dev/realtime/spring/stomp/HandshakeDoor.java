package dev.realtime.spring.stomp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.realtime.node.RealtimeNode;
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
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Refuses the handshakes of addresses that may have no further connection before the
 * application's filters, its security and Spring MVC have any work with them: in an
 * attack there are many. So does it with all handshakes while the node refuses
 * connections. What it does not know passes, and meets {@link ConnectionLimits} or the
 * node behind them. Safe for any number of threads.
 */
final class HandshakeDoor implements Filter {

	/** What a client reads. */
	private static final String DRAINED = "This node is out of service; connect again to reach another one";

	private final Supplier<AddressConnections> addresses;

	private final Supplier<SecurityEvents> events;

	private final BooleanSupplier refusing;

	/**
	 * The paths of the STOMP endpoints as clients see them, without the application's.
	 */
	private final Supplier<Set<String>> paths;

	HandshakeDoor(Supplier<AddressConnections> addresses, Supplier<SecurityEvents> events, BooleanSupplier refusing,
			Supplier<Set<String>> paths) {
		this.addresses = addresses;
		this.events = events;
		this.refusing = refusing;
		this.paths = paths;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answer
				&& "websocket".equalsIgnoreCase(asked.getHeader(HttpHeaders.UPGRADE)) && isRefused(asked, answer)) {
			return;
		}
		chain.doFilter(request, response);
	}

	private boolean isRefused(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (this.refusing.getAsBoolean() && isForEndpoint(request)) {
			return !ConnectionLimits.refuse(new ServletServerHttpResponse(response), HttpStatus.SERVICE_UNAVAILABLE,
					DRAINED);
		}
		return isCrowded(new ServletServerHttpRequest(request).getRemoteAddress(), request) && !ConnectionLimits
			.refuse(new ServletServerHttpResponse(response), HttpStatus.TOO_MANY_REQUESTS, AddressConnections.SENTENCE);
	}

	private boolean isForEndpoint(HttpServletRequest request) {
		return this.paths.get().contains(request.getRequestURI().substring(request.getContextPath().length()));
	}

	private boolean isCrowded(InetSocketAddress client, HttpServletRequest request) {
		if (this.addresses.get().hasRoom(client) || !isForEndpoint(request)) {
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
					SingletonSupplier.of(() -> context.getBean(SecurityEvents.class)), refusing(context),
					SingletonSupplier.of(() -> paths(context))));
			setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
		}

		private static BooleanSupplier refusing(ApplicationContext context) {
			Supplier<RealtimeNode> node = SingletonSupplier.of(() -> context.getBean(RealtimeNode.class));
			return () -> node.get().isRefusingConnections();
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
