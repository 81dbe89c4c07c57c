package dev.realtime.spring.httpsession;

import java.util.Map;

import dev.realtime.spring.sessions.SessionDoor;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Notes which HTTP session starts a connection. The session gets an attribute with the id
 * that it has at that time, which stays the same when a login changes the id, whatever
 * stores sessions. A request without a session makes none.
 */
public final class HttpSessionMark implements HandshakeInterceptor {

	/** The attribute of the HTTP session. */
	static final String ATTRIBUTE = "dev.realtime.http-session";

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		HttpSession session = (request instanceof ServletServerHttpRequest servlet)
				? servlet.getServletRequest().getSession(false) : null;
		if (session != null) {
			try {
				attributes.put(SessionDoor.HTTP_SESSION_ID, session.getId());
				attributes.put(SessionDoor.HTTP_SESSION, mark(session));
			}
			catch (IllegalStateException ex) {
				// The session ends at this moment: what it starts must not go on.
				return false;
			}
		}
		return true;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

	private static String mark(HttpSession session) {
		if (session.getAttribute(ATTRIBUTE) instanceof String known) {
			return known;
		}
		session.setAttribute(ATTRIBUTE, session.getId());
		return session.getId();
	}

}
