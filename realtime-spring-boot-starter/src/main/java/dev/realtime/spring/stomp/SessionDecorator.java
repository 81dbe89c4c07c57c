package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.hub.Transport;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.security.ConnectRequest;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

/** Makes each session that comes a connection of the hub. */
final class SessionDecorator extends WebSocketHandlerDecorator {

	private static final boolean JETTY = ClassUtils.isPresent("org.eclipse.jetty.websocket.api.Session",
			SessionDecorator.class.getClassLoader());

	private final Hub hub;

	private final Executor writers;

	private final RealtimeProperties.Limits limits;

	private final Map<String, RealtimeSession> sessions = new ConcurrentHashMap<>();

	SessionDecorator(WebSocketHandler delegate, Hub hub, Executor writers, RealtimeProperties.Limits limits) {
		super(delegate);
		this.hub = hub;
		this.limits = limits;
		this.writers = writers;
	}

	/**
	 * Takes a WebSocket message in the pieces in which it comes: {@link ClientProtocol}
	 * puts frames together, up to the largest frame allowed. So the container's buffer
	 * for each connection need not be as large as that.
	 */
	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Connection connection = (session instanceof HubSession own) ? own.connect(this.hub)
				: this.hub.connect(session.getId(), transport(session));
		RealtimeSession ours = new RealtimeSession(session, connection, new ClientProtocol(connection, this.limits));
		if (session.getRemoteAddress() != null) {
			session.getAttributes().put(ConnectRequest.REMOTE_ADDRESS, session.getRemoteAddress());
		}
		this.sessions.put(session.getId(), ours);
		super.afterConnectionEstablished(ours);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		RealtimeSession ours = this.sessions.get(session.getId());
		if (ours == null || ours.connection().isGone()) {
			return;
		}
		ours.connection().wasRead();
		ByteBuffer bytes = bytes(message);
		if (bytes == null) {
			super.handleMessage(ours, message);
			return;
		}
		int size = bytes.remaining();
		ours.protocol()
			.received(bytes, (frame) -> super.handleMessage(ours,
					(frame.remaining() == size) ? message : new BinaryMessage(frame)));
	}

	private static @Nullable ByteBuffer bytes(WebSocketMessage<?> message) {
		if (message instanceof TextMessage text) {
			return ByteBuffer.wrap(text.asBytes());
		}
		return (message instanceof BinaryMessage binary) ? binary.getPayload().duplicate() : null;
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) throws Exception {
		super.handleTransportError(ours(session), exception);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		WebSocketSession ours = ours(session);
		this.sessions.remove(session.getId());
		try {
			super.afterConnectionClosed(ours, status);
		}
		finally {
			if (ours instanceof RealtimeSession known) {
				known.connection().closed();
			}
		}
	}

	private WebSocketSession ours(WebSocketSession session) {
		RealtimeSession ours = this.sessions.get(session.getId());
		return (ours != null) ? ours : session;
	}

	/** A SockJS session has frames of its own around ours: only it can write them. */
	private Transport transport(WebSocketSession session) {
		@Nullable Transport found = null;
		if (WebSocketSessionDecorator.unwrap(session) instanceof NativeWebSocketSession innermost
				&& !(innermost instanceof SockJsSession)) {
			@Nullable Session container = innermost.getNativeSession(Session.class);
			if (container != null) {
				found = new ServletTransport(session, container, this.writers);
			}
			else if (JETTY) {
				found = JettyTransport.of(session, innermost, this.writers);
			}
		}
		return (found != null) ? found : new BlockingTransport(session, this.writers);
	}

}
