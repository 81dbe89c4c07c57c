package dev.realtime.spring.stomp;

import java.util.List;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.sockjs.frame.SockJsFrame;
import org.springframework.web.socket.sockjs.frame.SockJsMessageCodec;
import org.springframework.web.socket.sockjs.transport.SockJsServiceConfig;
import org.springframework.web.socket.sockjs.transport.session.WebSocketServerSockJsSession;

/**
 * Writes SockJS frames through the container's asynchronous endpoint, which never blocks:
 * for SockJS over WebSocket. Spring's own SockJS session would block.
 * <p>
 * The endpoint takes one message at a time, so Spring's heartbeats are switched off and
 * this sends them, never beside another write. What Spring still sends itself are the
 * opening frame, before the client can have sent anything, and the closing one, which
 * fails when a write is under way.
 */
final class SockJsTransport implements Transport {

	private static final int BATCH_BYTES = 8_192;

	private static final Completion NOBODY = (failure) -> {
	};

	private final WebSocketSession session;

	private final Session container;

	private final SockJsMessageCodec codec;

	private final long heartbeatNanos;

	private final SocketThreads threads;

	@GuardedBy("this")
	private boolean writing;

	/** Came while a heartbeat was being written. */
	@GuardedBy("this")
	private @Nullable Runnable next;

	@GuardedBy("this")
	private long lastWriteNanos = System.nanoTime();

	SockJsTransport(WebSocketSession session, WebSocketServerSockJsSession sockJs, Session container,
			SocketThreads threads) {
		SockJsServiceConfig config = sockJs.getSockJsServiceConfig();
		this.session = session;
		this.container = container;
		this.threads = threads;
		this.codec = config.getMessageCodec();
		this.heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(config.getHeartbeatTime());
		sockJs.disableHeartbeat();
		ServletTransport.limitClosing(container);
	}

	@Override
	public TransportKind kind() {
		return TransportKind.SOCKJS;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		String frame;
		try {
			frame = SockJsFrame.messageFrame(this.codec, texts(batch.frames())).getContent();
		}
		catch (RuntimeException ex) {
			done.done(ex);
			return;
		}
		synchronized (this) {
			if (this.writing) {
				this.next = () -> send(frame, done);
				return;
			}
			this.writing = true;
		}
		send(frame, done);
	}

	/** Writes a heartbeat when nothing else was written for so long. */
	@Override
	public boolean probe(long nanos) {
		synchronized (this) {
			if (this.writing || System.nanoTime() - this.lastWriteNanos < this.heartbeatNanos) {
				return true;
			}
			this.writing = true;
		}
		send(SockJsFrame.heartbeatFrame().getContent(), NOBODY);
		return true;
	}

	@Override
	public void close(CloseReason reason) {
		boolean stuck;
		synchronized (this) {
			stuck = this.writing;
		}
		this.threads.close(this.session, reason, stuck);
	}

	private void send(String frame, Completion done) {
		try {
			this.container.getAsyncRemote()
				.sendText(frame, (result) -> sent(done, result.isOK() ? null : result.getException()));
		}
		catch (RuntimeException ex) {
			// The session is closed, or the container is about to.
			sent(done, ex);
		}
	}

	private void sent(Completion done, @Nullable Throwable failure) {
		Runnable waiting;
		synchronized (this) {
			waiting = this.next;
			this.next = null;
			this.writing = waiting != null;
			this.lastWriteNanos = System.nanoTime();
		}
		done.done(failure);
		if (waiting != null) {
			waiting.run();
		}
	}

	/** SockJS has no binary messages. */
	private static String[] texts(List<Frame> frames) {
		String[] texts = new String[frames.size()];
		for (int i = 0; i < texts.length; i++) {
			String text = frames.get(i).text();
			if (text == null) {
				throw new IllegalArgumentException("SockJS cannot carry a frame that is not UTF-8");
			}
			texts[i] = text;
		}
		return texts;
	}

}
