package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import org.springframework.web.socket.WebSocketSession;

/**
 * Writes through the container's asynchronous endpoint, which never blocks. Frames that
 * wait together become one WebSocket message, for clients that can read that: text when
 * all are text, else binary.
 */
final class ServletTransport implements Transport {

	/** How long Tomcat may try to send the close frame to a client that does not read. */
	private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

	private final WebSocketSession session;

	private final Session container;

	private final SocketThreads threads;

	private final Packing packing;

	/** Accurate enough on the shard, which alone writes and closes. */
	private boolean writing;

	ServletTransport(WebSocketSession session, Session container, SocketThreads threads, Packing packing) {
		this.session = session;
		this.container = container;
		this.threads = threads;
		this.packing = packing;
		limitClosing(container);
	}

	/** Nothing but closing blocks. */
	static void limitClosing(Session container) {
		container.getUserProperties().put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", CLOSE_TIMEOUT_MILLIS);
	}

	@Override
	public TransportKind kind() {
		return TransportKind.SERVLET;
	}

	@Override
	public int batchBytes() {
		return this.packing.batchBytes();
	}

	@Override
	public void write(Batch batch, Completion done) {
		SendHandler handler = (result) -> {
			this.writing = false;
			done.done(result.isOK() ? null : result.getException());
		};
		OneMessage message = batch.encoding(OneMessage.class, OneMessage::of);
		this.writing = true;
		try {
			if (message.text != null) {
				this.container.getAsyncRemote().sendText(message.text, handler);
			}
			else {
				this.container.getAsyncRemote().sendBinary(ByteBuffer.wrap(message.bytes), handler);
			}
		}
		catch (RuntimeException ex) {
			// The session is closed, or the container is about to.
			this.writing = false;
			done.done(ex);
		}
	}

	@Override
	public void close(CloseReason reason) {
		this.threads.close(this.session, reason, this.writing);
	}

}
