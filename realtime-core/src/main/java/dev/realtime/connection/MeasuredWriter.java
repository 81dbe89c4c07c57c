package dev.realtime.connection;

import java.util.concurrent.TimeUnit;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;

/**
 * The part of a connection's writer that is measured: when the client was told that it is
 * connected, how old messages are when they are written, and whether the client is slow.
 * Confined to the shard.
 */
abstract class MeasuredWriter extends CloseableWriter {

	/** A socket that has taken nothing for so long is slow. */
	private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** Whether the next write is the one that tells the client that it is connected. */
	private boolean reportsWrite;

	/** Whether it counts among the slow ones, as of the last look at its clocks. */
	private boolean slow;

	MeasuredWriter(Connection connection, Transport transport) {
		super(connection, transport);
	}

	/** What was queued last is the frame that tells the client that it is connected. */
	final void reportNextWrite() {
		this.reportsWrite = !isEnding();
	}

	/**
	 * A batch was handed to the socket.
	 * @param sampled whether its last message is measured
	 */
	final void handedOver(Batch batch, boolean sampled) {
		if (this.reportsWrite) {
			this.reportsWrite = false;
			wroteConnected();
		}
		if (sampled && !this.closed) {
			wrote(batch.frames().get(batch.frames().size() - 1));
		}
	}

	private void wroteConnected() {
		long nanos = this.shard.environment().nanoTime() - this.connection.openedNanos();
		if (!this.closed) {
			this.shard.contain(() -> this.connection.shared().stats.connected(this.transport.kind(), nanos));
		}
	}

	/** What a recovery gave is old without anybody being slow. */
	private void wrote(Frame frame) {
		TopicMessage message = frame.message();
		if (message != null && this.connection.subscriptions.find(frame.subscription()) instanceof Subscriber subscriber
				&& subscriber.isOn(message.topic()) && subscriber.isLive(message.position())) {
			this.shard.contain(() -> this.connection.shared().stats.written(message));
		}
	}

	static boolean isSlow(long sinceWriteNanos) {
		return sinceWriteNanos > SLOW_NANOS;
	}

	/** Counts the connection among the slow ones, or no longer. */
	final void countSlow(boolean now) {
		if (this.slow != now) {
			this.slow = now;
			this.connection.shared().stats.slow.add(now ? 1 : -1);
		}
	}

}
