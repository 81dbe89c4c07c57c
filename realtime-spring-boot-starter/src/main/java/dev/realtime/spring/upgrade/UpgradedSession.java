package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.stomp.TransportSession;
import dev.realtime.spring.websocket.FrameReader;
import dev.realtime.spring.websocket.FrameWriter;
import dev.realtime.spring.websocket.Inbox;
import dev.realtime.spring.websocket.PerMessageDeflate;
import dev.realtime.spring.websocket.Receiver;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees of a socket that was taken over. Safe for
 * any number of threads.
 */
final class UpgradedSession extends TransportSession {

	private final UpgradedSocket socket;

	private final UpgradeRequest request;

	private final boolean compressed;

	private final Map<String, Object> attributes;

	private final Receiver receiver;

	/**
	 * Makes a session.
	 * @param attributes what the handshake's interceptors have set
	 * @param compressed whether messages may be compressed
	 */
	UpgradedSession(UpgradedSocket socket, UpgradeRequest request, Map<String, Object> attributes, boolean compressed,
			WebSocketHandler handler, UpgradeContext context) {
		this(socket, new UpgradedTransport(socket, context.pingNanos(), compressed), request, attributes, compressed,
				handler, context);
	}

	private UpgradedSession(UpgradedSocket socket, UpgradedTransport transport, UpgradeRequest request,
			Map<String, Object> attributes, boolean compressed, WebSocketHandler handler, UpgradeContext context) {
		super(transport, null, context.maxFrameSize());
		this.socket = socket;
		this.request = request;
		this.compressed = compressed;
		this.attributes = new ConcurrentHashMap<>(4);
		attributes.forEach((name, value) -> {
			if (name != null && value != null) {
				this.attributes.put(name, value);
			}
		});
		this.receiver = new Receiver(this, transport, handler, new FrameReader(context.maxFrameSize(), compressed),
				new Inbox(socket, context.inbound(), context.inboundPending(), context.inboundBytes()));
	}

	/** Returns what takes what comes from the client. */
	Receiver receiver() {
		return this.receiver;
	}

	@Override
	public boolean isCounted() {
		return false;
	}

	@Override
	public URI getUri() {
		return this.request.uri();
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.request.headerLines().headers();
	}

	@Override
	public String offeredProtocols() {
		return this.request.headerLines().values(SUB_PROTOCOL);
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

	@Override
	public List<WebSocketExtension> getExtensions() {
		return this.compressed ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends a ping or a pong; messages go through the hub. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		if (!(message.getPayload() instanceof ByteBuffer payload) || payload.remaining() > 125) {
			throw new IOException("Only a ping or pong of at most 125 bytes can be sent directly to a session");
		}
		byte[] bytes = new byte[payload.remaining()];
		payload.duplicate().get(bytes);
		this.socket.control((message instanceof PongMessage) ? FrameWriter.pong(bytes) : FrameWriter.ping(bytes));
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

}
