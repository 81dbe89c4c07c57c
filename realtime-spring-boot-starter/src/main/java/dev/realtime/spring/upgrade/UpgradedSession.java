package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.spring.stomp.HubSession;
import dev.realtime.spring.websocket.FrameReader;
import dev.realtime.spring.websocket.FrameSink;
import dev.realtime.spring.websocket.FrameWriter;
import dev.realtime.spring.websocket.Inbox;
import dev.realtime.spring.websocket.WebSocketException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees of a socket that was taken over. What it
 * sends goes through the hub, which wraps this session. Reading methods are called by the
 * container, one at a time; the others are safe for any number of threads.
 */
final class UpgradedSession implements HubSession, FrameSink {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private static final int NORMAL = 1000;

	private static final int NO_STATUS = 1005;

	private final String id = IDS.generateId().toString();

	private final UpgradedSocket socket;

	private final UpgradedTransport transport;

	private final UpgradeRequest request;

	private final WebSocketHandler handler;

	private final Map<String, Object> attributes;

	private final FrameReader reader;

	private final Inbox inbox;

	private final int maxFrameSize;

	private volatile @Nullable Connection connection;

	private CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	/** Nothing more is taken from the client. */
	private boolean ended;

	UpgradedSession(UpgradedSocket socket, UpgradeRequest request, WebSocketHandler handler, UpgradeContext context) {
		this.socket = socket;
		this.transport = new UpgradedTransport(socket, context.pingNanos());
		this.request = request;
		this.handler = handler;
		this.attributes = new ConcurrentHashMap<>(4);
		request.attributes().forEach((name, value) -> {
			if (name != null && value != null) {
				this.attributes.put(name, value);
			}
		});
		this.maxFrameSize = context.maxFrameSize();
		this.reader = new FrameReader(context.maxFrameSize());
		this.inbox = new Inbox(socket, context.inbound(), context.inboundPending(), context.inboundBytes());
	}

	// What follows is called by the container.

	void opened() {
		this.inbox.add(() -> this.handler.afterConnectionEstablished(this));
	}

	void read(ByteBuffer bytes) {
		Connection known = this.connection;
		if (known != null) {
			known.wasRead();
		}
		if (this.ended) {
			return;
		}
		try {
			this.reader.read(bytes, this);
		}
		catch (WebSocketException ex) {
			this.ended = true;
			this.status = new CloseStatus(ex.code());
			close(new CloseReason(ex.code(), String.valueOf(ex.getMessage())));
		}
	}

	/** The socket is closed. */
	void closed() {
		this.ended = true;
		CloseStatus last = this.status;
		Connection known = this.connection;
		try {
			if (known != null) {
				known.closed();
			}
		}
		finally {
			this.inbox.add(() -> this.handler.afterConnectionClosed(this, last));
		}
	}

	@Override
	public void data(byte[] payload, boolean text, boolean first, boolean last) {
		// A piece may end within a character: only the STOMP decoder puts it together.
		this.inbox.add(new Handling(this.handler, this, (text && first && last) ? new TextMessage(payload)
				: new BinaryMessage(ByteBuffer.wrap(payload), last)));
	}

	/** A client that does not take its pongs gets none. */
	@Override
	public void ping(byte[] payload) {
		if (!this.socket.isWriting()) {
			this.socket.control(FrameWriter.pong(payload));
		}
	}

	@Override
	public void pong() {
	}

	/** Echoes the close frame, as RFC 6455 section 5.5.1 asks, and closes. */
	@Override
	public void close(int code) {
		this.ended = true;
		this.status = new CloseStatus(code);
		this.transport.answerClose(new CloseReason((code == NO_STATUS) ? NORMAL : code, ""));
	}

	// What follows is called by the hub and by Spring.

	@Override
	public Connection connect(Hub hub) {
		Connection made = hub.connect(this.id, this.transport);
		this.connection = made;
		if (!this.socket.isOpen()) {
			made.closed();
		}
		return made;
	}

	@Override
	public boolean isCounted() {
		return false;
	}

	private void close(CloseReason reason) {
		Connection known = this.connection;
		if (known != null) {
			known.close(reason);
		}
		else {
			this.transport.close(reason);
		}
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public URI getUri() {
		return this.request.uri();
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.request.headers();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.attributes;
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return this.request.user();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return this.request.local();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.request.remote();
	}

	@Override
	public @Nullable String getAcceptedProtocol() {
		return this.request.protocol();
	}

	/** The limits of frames are {@code realtime.limits}. */
	@Override
	public void setTextMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public int getTextMessageSizeLimit() {
		return this.maxFrameSize;
	}

	@Override
	public void setBinaryMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return this.maxFrameSize;
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return List.of();
	}

	/** Sends a ping or a pong; messages go through the hub. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		if (!(message.getPayload() instanceof ByteBuffer payload) || payload.remaining() > 125) {
			throw new IOException("Only a ping or pong of at most 125 bytes can be sent past the hub");
		}
		byte[] bytes = new byte[payload.remaining()];
		payload.duplicate().get(bytes);
		this.socket.control((message instanceof PongMessage) ? FrameWriter.pong(bytes) : FrameWriter.ping(bytes));
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) {
		String text = status.getReason();
		close(new CloseReason(status.getCode(), (text != null) ? text : ""));
	}

	/** Gives one piece to Spring. */
	private record Handling(WebSocketHandler handler, UpgradedSession session,
			WebSocketMessage<?> message) implements Inbox.Step {

		@Override
		public void run() throws Exception {
			this.handler.handleMessage(this.session, this.message);
		}

		@Override
		public int bytes() {
			return this.message.getPayloadLength();
		}

	}

}
