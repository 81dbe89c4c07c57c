package dev.realtime.bench.million;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;

/**
 * Throws away what is written and counts the frames, one counter for each connection. The
 * counters are plain: the shard writes them, and whoever has seen the hub's statistics
 * that the same pass wrote afterwards may read them.
 */
final class CountingTransport implements Transport {

	private static final int BATCH_BYTES = 16 * 1024;

	private final int[] counts;

	private final int index;

	CountingTransport(int[] counts, int index) {
		this.counts = counts;
		this.index = index;
	}

	@Override
	public void write(Batch batch, Completion done) {
		this.counts[this.index] += batch.frames().size();
		done.done(null);
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void close(CloseReason reason) {
		this.counts[this.index] = -1;
	}

}
