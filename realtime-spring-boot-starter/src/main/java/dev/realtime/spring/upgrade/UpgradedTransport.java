package dev.realtime.spring.upgrade;

import java.time.Duration;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import dev.realtime.spring.websocket.Answers;
import dev.realtime.spring.websocket.FrameWriter;
import dev.realtime.spring.websocket.Pings;
import org.jspecify.annotations.Nullable;

/** Writes frames that were encoded once to a socket. On the shard. */
final class UpgradedTransport implements Transport, Answers {

	/** About what a socket's send buffer takes at once. */
	private static final int BATCH_BYTES = 65_536;

	/** How long a client may take to answer a close frame. */
	private static final int CLOSE_MILLIS = 1_000;

	private static final byte[] EMPTY = {};

	private final UpgradedSocket socket;

	private final Pings pings;

	private final boolean compressed;

	private boolean closing;

	UpgradedTransport(UpgradedSocket socket, long pingNanos, boolean compressed) {
		this.socket = socket;
		this.pings = new Pings(pingNanos, () -> socket.control(FrameWriter.ping(EMPTY)));
		this.compressed = compressed;
	}

	@Override
	public TransportKind kind() {
		return TransportKind.DIRECT;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		this.socket.write(batch.encoding(SharedFrames.class, SharedFrames::new).bytes(this.compressed), done);
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

	@Override
	public void pong(byte[] payload) {
		if (!this.socket.isWriting()) {
			this.socket.control(FrameWriter.pong(payload));
		}
	}

	/** Echoes the client's close frame, and ends our half of the connection. */
	@Override
	public void answerClose(CloseReason reason) {
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

	@Override
	public boolean probe(long nanos) {
		return this.pings.probe(nanos);
	}

	@Override
	public void ponged() {
		this.pings.answered();
	}

	@Override
	public @Nullable Duration roundTrip() {
		return this.pings.roundTrip();
	}

}
