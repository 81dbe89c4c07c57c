package dev.realtime.spring.stomp;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Writes through Spring's session, which may block, on threads that may: for SockJS over
 * HTTP, and for containers without a Jakarta WebSocket session.
 * <p>
 * Closing such a session waits for the write that is under way. So the write's own thread
 * closes it then, and no other thread waits. And Spring opens a session of SockJS over
 * HTTP by writing to the response of a request: the thread that opens it closes it then,
 * since two would write at once.
 */
final class BlockingTransport implements Transport {

	private static final int BATCH_BYTES = 8_192;

	private final WebSocketSession session;

	private final SocketThreads threads;

	@GuardedBy("this")
	private boolean writing;

	@GuardedBy("this")
	private boolean opened;

	/** What is to be done when the write has ended, or the session is opened. */
	@GuardedBy("this")
	private @Nullable CloseReason closing;

	BlockingTransport(WebSocketSession session, SocketThreads threads) {
		this.session = session;
		this.threads = threads;
	}

	@Override
	public TransportKind kind() {
		return TransportKind.BLOCKING;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		synchronized (this) {
			this.writing = true;
		}
		try {
			this.threads.write(() -> {
				Throwable failure = send(batch.frames());
				written();
				done.done(failure);
			});
		}
		catch (RejectedExecutionException ex) {
			done.done(ex);
		}
	}

	@Override
	public void close(CloseReason reason) {
		synchronized (this) {
			if (this.writing || !this.opened) {
				this.closing = reason;
				return;
			}
		}
		try {
			this.threads.write(() -> SocketThreads.closeNow(this.session, reason));
		}
		catch (RejectedExecutionException ex) {
			// The application ends, and with it the container and its sockets.
		}
	}

	/** To be called once, by the thread that opens the session, when it has done so. */
	void opened() {
		CloseReason reason;
		synchronized (this) {
			this.opened = true;
			reason = this.writing ? null : this.closing;
		}
		if (reason != null) {
			SocketThreads.closeNow(this.session, reason);
		}
	}

	/**
	 * Sees to it that other connections' writes find a thread, however many are stuck.
	 */
	@Override
	public boolean probe(long nanos) {
		this.threads.replaceStuckThreads();
		return true;
	}

	private void written() {
		CloseReason reason;
		synchronized (this) {
			this.writing = false;
			reason = this.opened ? this.closing : null;
		}
		if (reason != null) {
			SocketThreads.closeNow(this.session, reason);
		}
	}

	private @Nullable Throwable send(List<Frame> frames) {
		try {
			for (Frame frame : frames) {
				String text = frame.text();
				this.session.sendMessage((text != null) ? new TextMessage(text) : new BinaryMessage(frame.bytes()));
			}
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

}
