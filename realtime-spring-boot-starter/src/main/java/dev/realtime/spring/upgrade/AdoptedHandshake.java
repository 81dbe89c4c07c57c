package dev.realtime.spring.upgrade;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.AbstractHandshakeHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * An application's handshake handler with another last step. Whatever the application has
 * overridden is called: which user a handshake has, which protocol, which origin. A
 * handler takes its last step in its constructor and never changes it, so this is another
 * handler that asks the first one.
 */
final class AdoptedHandshake extends DefaultHandshakeHandler {

	private final AbstractHandshakeHandler original;

	AdoptedHandshake(AbstractHandshakeHandler original, RequestUpgradeStrategy strategy) {
		super(strategy);
		this.original = original;
		setSupportedProtocols(original.getSupportedProtocols());
	}

	@Override
	protected void doStart() {
		this.original.start();
	}

	@Override
	protected void doStop() {
		this.original.stop();
	}

	@Override
	protected void handleInvalidUpgradeHeader(ServerHttpRequest request, ServerHttpResponse response) {
		Overridable.UPGRADE_HEADER.call(this.original, request, response);
	}

	@Override
	protected void handleInvalidConnectHeader(ServerHttpRequest request, ServerHttpResponse response) {
		Overridable.CONNECT_HEADER.call(this.original, request, response);
	}

	@Override
	protected boolean isWebSocketVersionSupported(WebSocketHttpHeaders headers) {
		return Boolean.TRUE.equals(Overridable.VERSION.call(this.original, headers));
	}

	@Override
	protected void handleWebSocketVersionNotSupported(ServerHttpRequest request, ServerHttpResponse response) {
		Overridable.OTHER_VERSION.call(this.original, request, response);
	}

	@Override
	protected boolean isValidOrigin(ServerHttpRequest request) {
		return Boolean.TRUE.equals(Overridable.ORIGIN.call(this.original, request));
	}

	@Override
	protected @Nullable String selectProtocol(List<String> requested, WebSocketHandler handler) {
		return (String) Overridable.PROTOCOL.call(this.original, requested, handler);
	}

	@Override
	@SuppressWarnings("unchecked")
	protected List<WebSocketExtension> filterRequestedExtensions(ServerHttpRequest request,
			List<WebSocketExtension> requested, List<WebSocketExtension> supported) {
		Object filtered = Overridable.EXTENSIONS.call(this.original, request, requested, supported);
		return (filtered != null) ? (List<WebSocketExtension>) filtered : List.of();
	}

	@Override
	protected @Nullable Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
			Map<String, Object> attributes) {
		return (Principal) Overridable.USER.call(this.original, request, handler, attributes);
	}

	/** Protected methods of Spring's, the same in Spring 6 and 7. */
	private static final class Overridable {

		static final Overridable UPGRADE_HEADER = new Overridable("handleInvalidUpgradeHeader", ServerHttpRequest.class,
				ServerHttpResponse.class);

		static final Overridable CONNECT_HEADER = new Overridable("handleInvalidConnectHeader", ServerHttpRequest.class,
				ServerHttpResponse.class);

		static final Overridable VERSION = new Overridable("isWebSocketVersionSupported", WebSocketHttpHeaders.class);

		static final Overridable OTHER_VERSION = new Overridable("handleWebSocketVersionNotSupported",
				ServerHttpRequest.class, ServerHttpResponse.class);

		static final Overridable ORIGIN = new Overridable("isValidOrigin", ServerHttpRequest.class);

		static final Overridable PROTOCOL = new Overridable("selectProtocol", List.class, WebSocketHandler.class);

		static final Overridable EXTENSIONS = new Overridable("filterRequestedExtensions", ServerHttpRequest.class,
				List.class, List.class);

		static final Overridable USER = new Overridable("determineUser", ServerHttpRequest.class,
				WebSocketHandler.class, Map.class);

		private final Method method;

		Overridable(String name, Class<?>... parameters) {
			Method found = ReflectionUtils.findMethod(AbstractHandshakeHandler.class, name, parameters);
			if (found == null) {
				throw new IllegalStateException("Spring's handshake handlers have no method " + name);
			}
			ReflectionUtils.makeAccessible(found);
			this.method = found;
		}

		/** What the application throws goes to the caller as it is. */
		@Nullable Object call(AbstractHandshakeHandler handler, @Nullable Object... arguments) {
			try {
				return this.method.invoke(handler, arguments);
			}
			catch (InvocationTargetException ex) {
				ReflectionUtils.rethrowRuntimeException(ex.getTargetException());
				throw new IllegalStateException("A failure was not thrown", ex);
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(this.method + " cannot be called", ex);
			}
		}

	}

}
