package dev.realtime.spring.upgrade;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;

/**
 * Sees with which status a handshake has ended, after all filters: Tomcat hands the
 * socket over also where one of them has failed and the client was told so.
 */
final class HandshakeEnd implements ServletRequestListener {

	private static final String PENDING = HandshakeEnd.class.getName();

	/** Watches a handshake. The request and the response are the container's own. */
	static void watch(HttpServletRequest request, HttpServletResponse response, TomcatSocket socket) {
		request.setAttribute(PENDING, new Pending(response, socket));
	}

	@Override
	public void requestDestroyed(ServletRequestEvent event) {
		if (event.getServletRequest().getAttribute(PENDING) instanceof Pending pending
				&& pending.response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS.value()) {
			pending.socket.disown();
		}
	}

	private record Pending(HttpServletResponse response, TomcatSocket socket) {

	}

}
