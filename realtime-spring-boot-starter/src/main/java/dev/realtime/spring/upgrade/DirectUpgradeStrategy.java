package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.spring.websocket.PerMessageDeflate;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * The last step of a handshake: the container hands the socket over. Everything before,
 * origin, interceptors, sub-protocol and user, is Spring's.
 */
final class DirectUpgradeStrategy implements RequestUpgradeStrategy {

	/** RFC 6455, section 1.3. */
	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final Logger logger = LoggerFactory.getLogger(DirectUpgradeStrategy.class);

	private final UpgradeContext context;

	private final RequestUpgradeStrategy standard;

	private final AtomicBoolean told = new AtomicBoolean();

	/**
	 * Makes the strategy.
	 * @param standard the container's way, for requests whose socket it does not hand
	 * over
	 */
	DirectUpgradeStrategy(UpgradeContext context, RequestUpgradeStrategy standard) {
		this.context = context;
		this.standard = standard;
	}

	@Override
	public String[] getSupportedVersions() {
		return new String[] { "13" };
	}

	/**
	 * Returns the client's own offers of compression, if one of them can be met: Spring
	 * keeps those that are equal, and an application may take them out. Spring does not
	 * know parameters without a value, so the header itself is negotiated in the end.
	 */
	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		if (compression(request) == null) {
			return List.of();
		}
		return new WebSocketHttpHeaders(request.getHeaders()).getSecWebSocketExtensions()
			.stream()
			.filter(DirectUpgradeStrategy::isCompression)
			.toList();
	}

	private static boolean isCompression(WebSocketExtension extension) {
		return extension.getName().equalsIgnoreCase(PerMessageDeflate.NAME);
	}

	private @Nullable String compression(ServerHttpRequest request) {
		return this.context.compression()
				? PerMessageDeflate.answer(request.getHeaders().getValuesAsList("Sec-WebSocket-Extensions")) : null;
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) {
		UpgradedSocket socket = socket(request, response);
		if (socket == null) {
			this.standard.upgrade(request, response, selectedProtocol, selectedExtensions, user, handler, attributes);
			return;
		}
		response.setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
		HttpHeaders headers = response.getHeaders();
		headers.set("Upgrade", "websocket");
		headers.set("Connection", "Upgrade");
		headers.set("Sec-WebSocket-Accept", accept(String.valueOf(request.getHeaders().getFirst("Sec-WebSocket-Key"))));
		if (selectedProtocol != null) {
			headers.set("Sec-WebSocket-Protocol", selectedProtocol);
		}
		String compression = selectedExtensions.stream().anyMatch(DirectUpgradeStrategy::isCompression)
				? compression(request) : null;
		if (compression != null) {
			headers.set("Sec-WebSocket-Extensions", compression);
		}
		socket.begin(new UpgradedSession(socket, UpgradeRequest.of(request, selectedProtocol, user), attributes,
				compression != null, handler, this.context), this.context);
	}

	/** Null if the container keeps it. */
	private @Nullable UpgradedSocket socket(ServerHttpRequest request, ServerHttpResponse response) {
		ServletRequest asked = ((ServletServerHttpRequest) request).getServletRequest();
		while (asked instanceof ServletRequestWrapper wrapper) {
			asked = wrapper.getRequest();
		}
		ServletResponse answer = ((ServletServerHttpResponse) response).getServletResponse();
		while (answer instanceof ServletResponseWrapper wrapper) {
			answer = wrapper.getResponse();
		}
		Exception why = null;
		if (asked instanceof HttpServletRequest http && answer instanceof HttpServletResponse own) {
			try {
				for (SocketContainer container : this.context.containers()) {
					UpgradedSocket socket = container.take(http, own);
					if (socket != null) {
						return socket;
					}
				}
			}
			catch (IOException | ServletException | RuntimeException ex) {
				why = ex;
			}
		}
		if (this.context.required()) {
			throw new HandshakeFailureException("The servlet container does not hand the socket over, which "
					+ "realtime.servlet.transport=direct requires", why);
		}
		if (this.told.compareAndSet(false, true)) {
			logger.info("WebSockets are handled by the servlet container: only Tomcat and Jetty hand over "
					+ "sockets, only from HTTP/1.1, and only if no filter hides the request", why);
		}
		return null;
	}

	private static String accept(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

}
