package dev.realtime.bench.micro;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;

/** A socket that takes one write and never another. */
final class StuckTransport implements Transport {

	@Override
	public void write(Batch batch, Completion done) {
		// Never done.
	}

	@Override
	public int batchBytes() {
		return 1;
	}

	@Override
	public void close(CloseReason reason) {
		// There is nothing to close.
	}

}
