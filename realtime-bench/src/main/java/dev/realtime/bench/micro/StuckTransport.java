package dev.realtime.bench.micro;

import dev.realtime.delivery.Batch;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Transport;

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
