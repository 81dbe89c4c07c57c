package dev.realtime.spring.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.hub.Transport;
import dev.realtime.spring.stomp.HubSession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The session that Spring's STOMP support sees of a stream. What it sends goes through
 * the hub, which wraps this session. Safe for any number of threads.
 */
final class StreamSession implements HubSession {

	private static final IdGenerator IDS = new AlternativeJdkIdGenerator();

	private final String id = IDS.generateId().toString();

	private final StreamCall call;

	private final Transport transport;

	private final @Nullable Executor eventLoop;

	private final int maxFrameSize;

	private volatile @Nullable Connection connection;

	private volatile boolean ended;

	StreamSession(StreamCall call, Transport transport, @Nullable Executor eventLoop, int maxFrameSize) {
		this.call = call;
		this.transport = transport;
		this.eventLoop = eventLoop;
		this.maxFrameSize = maxFrameSize;
	}

	@Override
	public Connection connect(Hub hub) {
		Connection made = (this.eventLoop != null) ? hub.connect(this.id, this.transport, this.eventLoop)
				: hub.connect(this.id, this.transport);
		this.connection = made;
		if (this.ended) {
			made.closed();
		}
		return made;
	}

	/** The answer is complete, or the client is gone. */
	void ended() {
		this.ended = true;
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

	/** Limits are checked where requests are read. */
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

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		throw new IOException("A stream over HTTP has no pings and pongs");
	}

	@Override
	public boolean isOpen() {
		return !this.ended;
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) {
		String text = status.getReason();
		CloseReason reason = new CloseReason(status.getCode(), (text != null) ? text : "");
		Connection known = this.connection;
		if (known != null) {
			known.close(reason);
		}
		else {
			this.transport.close(reason);
		}
	}

}
