package dev.realtime.spring.upgrade;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.support.AbstractHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Puts our last step in the place of the container's at each endpoint whose handshake
 * handler takes the container's. A handler that is not of Spring's kind, or has a last
 * step of its own, stays as it is.
 */
final class DirectHandshakes {

	private static final String SPRING = "org.springframework.web.socket.server.";

	private static final Logger logger = LoggerFactory.getLogger(DirectHandshakes.class);

	private final UpgradeContext context;

	DirectHandshakes(UpgradeContext context) {
		this.context = context;
	}

	/** Returns the endpoint with our last step, or the same one if that cannot be. */
	Object direct(String path, Object endpoint) {
		if (!(endpoint instanceof WebSocketHttpRequestHandler known)) {
			return endpoint;
		}
		HandshakeHandler handshake = known.getHandshakeHandler();
		if (!(handshake instanceof AbstractHandshakeHandler ours)
				|| !ours.getRequestUpgradeStrategy().getClass().getName().startsWith(SPRING)) {
			logger.info("WebSockets at {} are handled by the servlet container, because the application has its own "
					+ "HandshakeHandler or RequestUpgradeStrategy there", path);
			return endpoint;
		}
		RequestUpgradeStrategy strategy = new DirectUpgradeStrategy(this.context, ours.getRequestUpgradeStrategy());
		WebSocketHttpRequestHandler made = new Undecorated(known.getWebSocketHandler(),
				new AdoptedHandshake(ours, strategy));
		made.setHandshakeInterceptors(known.getHandshakeInterceptors());
		return made;
	}

	/** The handler is decorated already. */
	private static final class Undecorated extends WebSocketHttpRequestHandler {

		Undecorated(WebSocketHandler handler, HandshakeHandler handshake) {
			super(handler, handshake);
		}

		@Override
		protected WebSocketHandler decorate(WebSocketHandler handler) {
			return handler;
		}

	}

}
