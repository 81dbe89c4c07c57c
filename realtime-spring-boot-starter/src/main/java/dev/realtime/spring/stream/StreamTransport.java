package dev.realtime.spring.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Turns the frames of a STOMP session into an HTTP answer. Called by the session's shard,
 * and where said so by others; its monitor is held for moments only.
 */
abstract class StreamTransport implements Transport {

	/** The exchange that is answered. */
	final Exchange exchange;

	@GuardedBy("this")
	private @Nullable Stream stream;

	/** What an ERROR said before the close that follows it. */
	@GuardedBy("this")
	private @Nullable String error;

	/** When the client may come back, if an ERROR said so. */
	@GuardedBy("this")
	private @Nullable String retryAfterMs;

	@GuardedBy("this")
	private boolean over;

	StreamTransport(Exchange exchange) {
		this.exchange = exchange;
	}

	/** Tells whose transport it is, before anything else. */
	synchronized void serve(Stream served) {
		this.stream = served;
	}

	@Override
	public final synchronized void write(Batch batch, Completion done) {
		if (this.over) {
			done.done(null);
			return;
		}
		try {
			batch.encoding(ServerFrames.class, ServerFrames::of).frames().forEach(this::read);
		}
		catch (RuntimeException ex) {
			done.done(ex);
			return;
		}
		flush(done);
	}

	@Override
	public final synchronized void close(CloseReason reason) {
		if (!this.over) {
			// The client may ask again as soon as it has the answer.
			over(new CloseStatus(reason.code()));
			closed(reason);
		}
	}

	private synchronized void read(ServerFrame frame) {
		switch (frame.command()) {
			case "CONNECTED" -> {
				opened();
				if (this.stream != null) {
					this.stream.connected();
				}
			}
			case "ERROR" -> {
				this.error = frame.header("message");
				this.retryAfterMs = frame.header(StompFrames.RETRY_AFTER);
			}
			default -> received(frame);
		}
	}

	/** The session is connected: the client is who it says. */
	abstract void opened();

	/** A frame other than CONNECTED and ERROR came. */
	abstract void received(ServerFrame frame);

	/** The batch ends here. */
	abstract void flush(Completion done);

	/** The server closes the session; see {@link #refusal}. */
	abstract void closed(CloseReason reason);

	/** The answer is complete: the session has no further use. */
	@GuardedBy("this")
	final void over(CloseStatus status) {
		this.over = true;
		if (this.stream != null) {
			this.stream.end(status);
		}
	}

	/** What the server says that closes the session before anything was written. */
	@GuardedBy("this")
	final StreamAnswer refusal(CloseReason reason) {
		return CloseAnswers.closed(reason, this.error, this.retryAfterMs);
	}

	@GuardedBy("this")
	final boolean isOver() {
		return this.over;
	}

}
