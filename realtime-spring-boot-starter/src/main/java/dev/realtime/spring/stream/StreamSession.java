package dev.realtime.spring.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.realtime.connection.Transport;
import dev.realtime.spring.stomp.TransportSession;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees of a stream. Safe for any number of
 * threads.
 */
final class StreamSession extends TransportSession {

	private final StreamCall call;

	private volatile boolean ended;

	StreamSession(StreamCall call, Transport transport, @Nullable Executor eventLoop, int maxFrameSize) {
		super(transport, eventLoop, maxFrameSize);
		this.call = call;
	}

	/** The answer is complete, or the client is gone. */
	void ended() {
		this.ended = true;
		closed();
	}

	/** From the first byte on. */
	@Override
	public boolean isCounted() {
		return true;
	}

	@Override
	public URI getUri() {
		return this.call.uri();
	}

	@Override
	public HttpHeaders getHandshakeHeaders() {
		return this.call.headers();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.call.attributes();
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return this.call.user();
	}

	@Override
	public @Nullable InetSocketAddress getLocalAddress() {
		return this.call.local();
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.call.remote();
	}

	@Override
	public String getAcceptedProtocol() {
		return "v12.stomp";
	}

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		throw new IOException("A stream over HTTP has no pings and pongs");
	}

	@Override
	public boolean isOpen() {
		return !this.ended;
	}

}
