package dev.realtime.bench.micro;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;

/** A socket that takes everything at once. */
final class DiscardingTransport implements Transport {

	private static final int BATCH_BYTES = 16 * 1024;

	@Override
	public void write(Batch batch, Completion done) {
		done.done(null);
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void close(CloseReason reason) {
		// There is nothing to close.
	}

}
