package dev.realtime.spring.stomp;

import java.security.Principal;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionOwner;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * The session that Spring sees. What Spring sends enters the connection's one bounded
 * queue, so that it has one order with topic messages, nobody blocks, and two writers
 * never meet on the socket.
 */
final class RealtimeSession extends WebSocketSessionDecorator implements ConnectionOwner {

	private static final String CONNECTED = "CONNECTED\n";

	private final Connection connection;

	private final ClientProtocol protocol;

	/** As whom the client has connected; null where Spring keeps that. */
	private volatile @Nullable Principal user;

	/** Whether its CONNECT has become no message. */
	private volatile boolean direct;

	RealtimeSession(WebSocketSession session, Connection connection, ClientProtocol protocol) {
		super(session);
		this.connection = connection;
		this.protocol = protocol;
	}

	ClientProtocol protocol() {
		return this.protocol;
	}

	Connection connection() {
		return this.connection;
	}

	/** The client has connected, and Spring does not know of it. */
	void connectedDirectly(@Nullable Principal user) {
		this.user = user;
		this.direct = true;
	}

	/** Whether the client has connected without Spring's knowledge. */
	boolean isDirect() {
		return this.direct;
	}

	/** Spring asks for it when it gets to know the session. */
	@Override
	public @Nullable Principal getPrincipal() {
		Principal known = this.user;
		return (known != null) ? known : super.getPrincipal();
	}

	@Override
	public void closing(CloseReason reason) {
		ObservedFrames observed = this.protocol.observed();
		if (observed != null) {
			observed.closing(reason);
		}
		if (this.protocol.isFirstReport()) {
			this.protocol.refusals().closing(this, reason);
		}
	}

	@Override
	public boolean isOpen() {
		return !this.connection.isGone() && super.isOpen();
	}

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws java.io.IOException {
		if (message instanceof TextMessage text) {
			if (text.getPayload().startsWith(CONNECTED)) {
				// Also where another broker answers.
				this.protocol.connected();
				this.connection.sendConnected(Frame.of(text.asBytes()));
			}
			else {
				this.connection.send(Frame.of(text.asBytes()));
			}
		}
		else if (message instanceof BinaryMessage binary) {
			byte[] bytes = new byte[binary.getPayload().remaining()];
			binary.getPayload().duplicate().get(bytes);
			this.connection.send(Frame.of(bytes));
		}
		else {
			super.sendMessage(message);
		}
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) {
		@Nullable String text = status.getReason();
		this.connection.close(new CloseReason(status.getCode(), (text != null) ? text : ""));
	}

}
