package dev.realtime.connection;

import java.util.concurrent.TimeUnit;

import dev.realtime.delivery.ShardWriter;
import org.jspecify.annotations.Nullable;

/**
 * The part of a connection's writer that closes the socket: once, with a reason, at once
 * or after what waits. Confined to the shard, unless a method says otherwise.
 */
abstract class CloseableWriter extends ShardWriter {

	/** How long a connection that is to be closed may take for what waits. */
	private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

	final Connection connection;

	final Transport transport;

	boolean closed;

	/** Why it will be closed once what waits is written; nothing is queued any more. */
	@Nullable CloseReason closing;

	private long closingSinceNanos;

	CloseableWriter(Connection connection, Transport transport) {
		super(connection.shard);
		this.connection = connection;
		this.transport = transport;
	}

	/** Gives up what waits. */
	abstract void forgetFrames();

	/** Whether nothing is queued any more. */
	final boolean isEnding() {
		return this.closed || this.closing != null;
	}

	/** Queues nothing more, writes what waits and closes then. */
	final void closeAfterQueue(CloseReason reason) {
		if (!isEnding()) {
			this.shard.release();
			this.closing = reason;
			this.closingSinceNanos = this.shard.environment().nanoTime();
			this.connection.closing(reason);
			flush();
		}
	}

	/** Closes without what waits, if its time is over. */
	final void closeIfOverdue(long nowNanos) {
		if (this.closing != null && nowNanos - this.closingSinceNanos > CLOSING_NANOS) {
			closeNow(this.closing);
		}
	}

	/** Closes without writing what waits. Never throws. */
	final void closeNow(CloseReason reason) {
		if (!this.closed) {
			if (this.closing == null) {
				this.connection.closing(reason);
			}
			closeTransport(reason);
			discard();
		}
	}

	/** The socket is closed: ends the connection. */
	final void discard() {
		if (!this.closed) {
			this.closed = true;
			forgetFrames();
			this.connection.ended();
		}
	}

	/** Something that was done for this connection failed: closes it. Never throws. */
	@Override
	protected final void failed(Throwable failure) {
		this.shard.failed(failure);
		closeNow(CloseReason.FAILED);
	}

	/** Closes a connection that was never opened; any thread may call this. */
	final void refuse(CloseReason reason) {
		this.closed = true;
		closeTransport(reason);
	}

	/** Closes the socket alone. The shard must not run any more, or not answer. */
	final void closeTransport(CloseReason reason) {
		try {
			this.transport.close(reason);
		}
		catch (Throwable ex) {
			this.shard.failed(ex);
		}
	}

}
