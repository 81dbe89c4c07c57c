package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/**
 * Writes through Jetty's own session, which Spring takes where Jetty is the container,
 * and which never blocks. Alone in importing Jetty.
 */
final class JettyTransport implements Transport {

	private final WebSocketSession session;

	private final Session container;

	private final SocketThreads threads;

	private final Packing packing;

	/** Accurate enough on the shard, which alone writes and closes. */
	private boolean writing;

	private JettyTransport(WebSocketSession session, Session container, SocketThreads threads, Packing packing) {
		this.session = session;
		this.container = container;
		this.threads = threads;
		this.packing = packing;
	}

	/** Null when the session is not Jetty's. */
	static @Nullable Transport of(WebSocketSession session, NativeWebSocketSession innermost, SocketThreads threads,
			Packing packing) {
		Session container = innermost.getNativeSession(Session.class);
		return (container != null) ? new JettyTransport(session, container, threads, packing) : null;
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
		OneMessage message = batch.encoding(OneMessage.class, OneMessage::of);
		this.writing = true;
		Callback callback = Callback.from(() -> written(done, null), (failure) -> written(done, failure));
		if (message.text != null) {
			this.container.sendText(message.text, callback);
		}
		else {
			this.container.sendBinary(ByteBuffer.wrap(message.bytes), callback);
		}
	}

	@Override
	public void close(CloseReason reason) {
		this.threads.close(this.session, reason, this.writing);
	}

	private void written(Completion done, @Nullable Throwable failure) {
		this.writing = false;
		done.done(failure);
	}

}
