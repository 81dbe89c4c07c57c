package dev.realtime.spring.netty;

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
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees. What it sends goes through the hub, which
 * wraps this session; this one only knows the handshake and the socket. Safe for any
 * number of threads.
 */
final class NettySession implements HubSession {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private final String id = IDS.generateId().toString();

	private final Channel channel;

	private final NettyTransport transport;

	private final Handshake handshake;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>(4);

	private volatile @Nullable Connection connection;

	NettySession(Channel channel, NettyTransport transport, Handshake handshake) {
		this.channel = channel;
		this.transport = transport;
		this.handshake = handshake;
	}

	@Override
	public Connection connect(Hub hub) {
		Connection made = hub.connect(this.id, this.transport, this.channel.eventLoop());
		this.connection = made;
		return made;
	}

	/** Something came from the client. */
	void wasRead() {
		Connection known = this.connection;
		if (known != null) {
			known.wasRead();
		}
	}

	/** Closes with this reason, after what waits. */
	void close(CloseReason reason) {
		Connection known = this.connection;
		if (known != null) {
			known.close(reason);
		}
		else {
			this.transport.close(reason);
		}
	}

	/** The socket is closed. */
	void closed() {
		Connection known = this.connection;
		if (known != null) {
			known.closed();
		}
	}

	/** From the first byte on. */
	@Override
	public boolean isCounted() {
		return true;
	}

	@Override
	public String getId() {
		return this.id;
	}

	@Override
	public URI getUri() {
		return URI.create(this.handshake.uri());
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.handshake.headers();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.attributes;
	}

	/** Nobody: the CONNECT frame brings the credentials. */
	@Override
	public @Nullable Principal getPrincipal() {
		return null;
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return (InetSocketAddress) this.channel.localAddress();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.handshake.remoteAddress();
	}

	@Override
	public @Nullable String getAcceptedProtocol() {
		return this.handshake.protocol();
	}

	/** The limits of frames are the listener's. */
	@Override
	public void setTextMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public int getTextMessageSizeLimit() {
		return this.handshake.maxFrameSize();
	}

	@Override
	public void setBinaryMessageSizeLimit(int messageSizeLimit) {
	}

	@Override
	public int getBinaryMessageSizeLimit() {
		return this.handshake.maxFrameSize();
	}

	@Override
	public List<WebSocketExtension> getExtensions() {
		return this.handshake.compressed() ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends a ping or a pong; messages go through the hub. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		if (!(message.getPayload() instanceof ByteBuffer payload) || payload.remaining() > 125) {
			throw new IOException("Only a ping or pong of at most 125 bytes can be sent past the hub");
		}
		this.transport.send(message, payload);
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive();
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

}
