package dev.realtime.spring.upgrade;

import dev.realtime.hub.Batch;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Transport;
import dev.realtime.spring.websocket.FrameWriter;

/** Writes frames that were encoded once to a socket. On the shard. */
final class UpgradedTransport implements Transport {

	/** About what a socket's send buffer takes at once. */
	private static final int BATCH_BYTES = 65_536;

	/** How long a client may take to answer a close frame. */
	private static final int CLOSE_MILLIS = 1_000;

	private static final byte[] EMPTY = {};

	private final UpgradedSocket socket;

	private final long pingNanos;

	private boolean pinged;

	private long pingedAtNanos;

	private boolean closing;

	UpgradedTransport(UpgradedSocket socket, long pingNanos) {
		this.socket = socket;
		this.pingNanos = pingNanos;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		this.socket.write(batch.encoding(SharedFrames.class, SharedFrames::of).bytes(), done);
	}

	/**
	 * Says why, then closes when the client has answered, or after a second without its
	 * answer: closing at once could destroy the reason before the client reads it.
	 */
	@Override
	public void close(CloseReason reason) {
		if (closesNow()) {
			this.socket.control(FrameWriter.close(reason));
			this.socket.later(this.socket::abort, CLOSE_MILLIS);
		}
	}

	/** Echoes the client's close frame, and ends our half of the connection. */
	void answerClose(CloseReason reason) {
		if (closesNow()) {
			this.socket.control(FrameWriter.close(reason));
			this.socket.endOutput();
			this.socket.later(this.socket::abort, CLOSE_MILLIS);
		}
		else {
			this.socket.abort();
		}
	}

	private synchronized boolean closesNow() {
		boolean first = !this.closing;
		this.closing = true;
		return first;
	}

	/**
	 * Pings once for each silence. The client must be gone when its silence goes on for
	 * as long again after the ping, however seldom this is asked.
	 */
	@Override
	public boolean silent(long nanos) {
		if (this.pingNanos == 0 || nanos < this.pingNanos) {
			this.pinged = false;
			return true;
		}
		long now = System.nanoTime();
		boolean readSince = this.pinged && now - nanos - this.pingedAtNanos > 0;
		if (!this.pinged || readSince) {
			this.pinged = true;
			this.pingedAtNanos = now;
			this.socket.control(FrameWriter.ping(EMPTY));
			return true;
		}
		return now - this.pingedAtNanos <= this.pingNanos;
	}

}
