package dev.realtime.spring.stomp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Transport;
import dev.realtime.hub.Hub;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.rates.RequestCost;
import dev.realtime.spring.security.ConnectRequest;
import dev.realtime.stomp.StompFrame;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;
import org.springframework.web.socket.sockjs.transport.session.WebSocketServerSockJsSession;

/** Makes each session that comes a connection of the hub. */
final class SessionDecorator extends WebSocketHandlerDecorator {

	private static final boolean JETTY = ClassUtils.isPresent("org.eclipse.jetty.websocket.api.Session",
			SessionDecorator.class.getClassLoader());

	private static final CloseStatus FULL = CloseStatus.SERVICE_OVERLOAD.withReason(AddressConnections.WORD);

	private static final CloseStatus CROWDED = CloseStatus.POLICY_VIOLATION.withReason(AddressConnections.WORD);

	private static final CloseReason TOO_MANY = CloseReason.policy(AddressConnections.WORD);

	private static final PongMessage SIGN_OF_LIFE = new PongMessage();

	private final Hub hub;

	private final SocketThreads threads;

	private final ProtocolRules rules;

	private final ConnectionLimits limits;

	/** Whether nothing of the application's stands between this and Spring's handler. */
	private final boolean innermost;

	private final Map<String, RealtimeSession> sessions = new ConcurrentHashMap<>();

	/** Connections that are being closed because their user has too many. */
	private final Map<String, Connection> refused = new ConcurrentHashMap<>();

	/** Of the sessions whose writes block. */
	private final Map<String, BlockingTransport> blocking = new ConcurrentHashMap<>();

	SessionDecorator(WebSocketHandler delegate, Hub hub, SocketThreads threads, ProtocolRules rules,
			ConnectionLimits limits) {
		super(delegate);
		this.innermost = delegate instanceof SubProtocolWebSocketHandler;
		this.hub = hub;
		this.rules = rules;
		this.limits = limits;
		this.threads = threads;
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
		try {
			establish(session);
		}
		finally {
			BlockingTransport opened = this.blocking.get(session.getId());
			if (opened != null) {
				opened.opened();
			}
		}
	}

	private void establish(WebSocketSession session) throws Exception {
		Packing packing = new Packing(this.rules.packAlways());
		Connection connection = (session instanceof HubSession own && own.isCounted()) ? own.connect(this.hub)
				: connect(session, packing);
		if (connection == null) {
			return;
		}
		Principal user = session.getPrincipal();
		if (!this.limits.users().opened((user != null) ? user.getName() : null, connection)) {
			this.refused.put(session.getId(), connection);
			report(session);
			Refusals.refuseConnect(connection, TOO_MANY, this.limits.users().sentence());
			return;
		}
		RealtimeSession ours = new RealtimeSession(session, connection, new ClientProtocol(connection, this.rules,
				packing, session.getRemoteAddress(), RequestCost.of(session.getAttributes())));
		connection.belongTo(ours);
		if (session.getRemoteAddress() != null) {
			session.getAttributes().put(ConnectRequest.REMOTE_ADDRESS, session.getRemoteAddress());
		}
		String ticket = HandshakeTicket.of(session);
		if (ticket != null) {
			session.getAttributes().put(ConnectRequest.TICKET, ticket);
		}
		this.sessions.put(session.getId(), ours);
		if (connection.isGone() && !session.isOpen()) {
			// Another thread closed it before it was known here. No event follows.
			this.sessions.remove(session.getId());
			connection.closed();
			return;
		}
		super.afterConnectionEstablished(ours);
	}

	/** Null if the session is closed instead. */
	private @Nullable Connection connect(WebSocketSession session, Packing packing) throws IOException {
		AddressConnections.Place place = this.limits.enter(session.getRemoteAddress());
		if (place == null) {
			report(session);
			session.close(CROWDED);
			return null;
		}
		Connection connection = (session instanceof HubSession own) ? own.connect(this.hub)
				: connectToContainer(session, packing);
		if (connection == null) {
			place.leave();
			report(session);
			session.close(FULL);
			return null;
		}
		connection.whenClosed(place::leave);
		if (connection.isGone() && !(session instanceof HubSession)) {
			// refused: another thread closes the session, perhaps before it is known here
			connection.closed();
			return null;
		}
		return connection;
	}

	/** Null if no connection more can be had that writes by blocking. */
	private @Nullable Connection connectToContainer(WebSocketSession session, Packing packing) {
		Transport transport = transport(session, packing);
		if (transport == null) {
			return null;
		}
		Connection connection = this.hub.connect(session.getId(), transport);
		packing.follow(connection);
		return connection;
	}

	private void report(WebSocketSession session) {
		this.rules.refusals().refused(session, null, Door.HANDSHAKE, "too-many-connections", null);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		RealtimeSession ours = this.sessions.get(session.getId());
		if (ours == null || ours.connection().isGone()) {
			return;
		}
		ours.connection().lifetime().received();
		ByteBuffer bytes = bytes(message);
		if (bytes == null) {
			super.handleMessage(ours, message);
			return;
		}
		int size = bytes.remaining();
		ours.protocol().received(bytes, new Handing(ours, message, size));
	}

	private void handToSpring(RealtimeSession session, WebSocketMessage<?> message) throws Exception {
		super.handleMessage(session, message);
	}

	/**
	 * A decorator of the application sees the message of the client where that is one
	 * frame; Spring's handler does not care.
	 */
	private WebSocketMessage<?> handedOn(WebSocketMessage<?> message, int size, ByteBuffer frame) {
		return (!this.innermost && frame.remaining() == size) ? message : new BinaryMessage(frame);
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
		if (this.blocking.remove(session.getId()) != null) {
			this.threads.left();
		}
		try {
			super.afterConnectionClosed(ours, status);
		}
		finally {
			Connection connection = (ours instanceof RealtimeSession known) ? known.connection()
					: this.refused.remove(session.getId());
			if (connection != null) {
				connection.closed();
			}
		}
	}

	/** Handles the frames that one message of a client has brought to an end. */
	private final class Handing implements ClientProtocol.FrameHandler {

		private final RealtimeSession session;

		private final WebSocketMessage<?> message;

		private final int size;

		Handing(RealtimeSession session, WebSocketMessage<?> message, int size) {
			this.session = session;
			this.message = message;
			this.size = size;
		}

		@Override
		public boolean takes(StompFrame frame) throws Exception {
			boolean taken = SessionDecorator.this.innermost
					&& SessionDecorator.this.rules.shortPath().takes(frame, this.session);
			if (taken && frame.command().opens()) {
				// Spring closes sessions that say nothing, and a pong is enough.
				handToSpring(this.session, SIGN_OF_LIFE);
			}
			return taken;
		}

		@Override
		public void handle(ByteBuffer frame) throws Exception {
			handToSpring(this.session, handedOn(this.message, this.size, frame));
		}

	}

	private WebSocketSession ours(WebSocketSession session) {
		RealtimeSession ours = this.sessions.get(session.getId());
		return (ours != null) ? ours : session;
	}

	/** Null if no connection more can be had that writes by blocking. */
	private @Nullable Transport transport(WebSocketSession session, Packing packing) {
		@Nullable Transport found = null;
		if (WebSocketSessionDecorator.unwrap(session) instanceof NativeWebSocketSession innermost) {
			@Nullable Session container = innermost.getNativeSession(Session.class);
			if (innermost instanceof WebSocketServerSockJsSession sockJs) {
				found = (container != null) ? new SockJsTransport(session, sockJs, container, this.threads) : null;
			}
			else if (container != null) {
				found = new ServletTransport(session, container, this.threads, packing);
			}
			else if (JETTY) {
				found = JettyTransport.of(session, innermost, this.threads, packing);
			}
		}
		if (found == null && this.threads.admit()) {
			BlockingTransport blocking = new BlockingTransport(session, this.threads);
			this.blocking.put(session.getId(), blocking);
			found = blocking;
		}
		return found;
	}

}
