package dev.realtime.spring.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.stomp.TransportSession;
import dev.realtime.spring.websocket.PerMessageDeflate;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees: it knows the handshake and the socket.
 * Safe for any number of threads.
 */
final class NettySession extends TransportSession {

	private final Channel channel;

	private final NettyTransport transport;

	private final Handshake handshake;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>(4);

	NettySession(Channel channel, NettyTransport transport, Handshake handshake) {
		super(transport, channel.eventLoop(), handshake.maxFrameSize());
		this.channel = channel;
		this.transport = transport;
		this.handshake = handshake;
	}

	/** From the first byte on. */
	@Override
	public boolean isCounted() {
		return true;
	}

	@Override
	public URI getUri() {
		return URI.create(this.handshake.uri());
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.handshake.headerLines().headers();
	}

	@Override
	public String offeredProtocols() {
		return this.handshake.headerLines().values(SUB_PROTOCOL);
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

	@Override
	public List<WebSocketExtension> getExtensions() {
		return this.handshake.compressed() ? List.of(new WebSocketExtension(PerMessageDeflate.NAME)) : List.of();
	}

	/** Sends a ping or a pong; messages go through the hub. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		if (!(message.getPayload() instanceof ByteBuffer payload) || payload.remaining() > 125) {
			throw new IOException("Only a ping or pong of at most 125 bytes can be sent directly to a session");
		}
		this.transport.send(message, payload);
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive();
	}

}
