package dev.realtime.bench.micro;

import java.util.concurrent.atomic.AtomicLongArray;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;

/**
 * The socket of a topic's one subscriber: notes how long each message took since it was
 * due. The messages of a topic come in the order of their publishing, so the n-th frame
 * is the n-th publish.
 */
final class Arrivals implements Transport {

	/** More than are ever unanswered. */
	private static final int KEPT = 1 << 16;

	private final AtomicLongArray due = new AtomicLongArray(KEPT);

	private final Latencies latencies;

	/** By the publishing thread. */
	private int published;

	/** By the shard. */
	private int arrived;

	Arrivals(Latencies latencies) {
		this.latencies = latencies;
	}

	void publishing(long dueNanos) {
		this.due.set(this.published++ % KEPT, dueNanos);
	}

	@Override
	public void write(Batch batch, Completion done) {
		long now = System.nanoTime();
		for (int i = 0; i < batch.frames().size(); i++) {
			this.latencies.add(now - this.due.get(this.arrived++ % KEPT));
		}
		done.done(null);
	}

	@Override
	public int batchBytes() {
		return 16 * 1024;
	}

	@Override
	public void close(CloseReason reason) {
		// There is nothing to close.
	}

}
