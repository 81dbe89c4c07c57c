package dev.realtime.connection;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.journey.Journeys;
import org.jspecify.annotations.Nullable;

/**
 * Notes what became of a write that carries messages with a journey.
 *
 * @param writer told afterwards
 */
record JourneyWrite(Batch batch, Journeys journeys, Transport.Completion writer) implements Transport.Completion {

	/** A queue is given up. */
	static void notWritten(@Nullable Object[] ring) {
		for (int i = 0; i + 1 < ring.length; i += 2) {
			if (ring[i] instanceof Frame frame && ring[i + 1] instanceof Subscriber owner) {
				owner.notWritten(frame);
			}
		}
	}

	@Override
	public void done(@Nullable Throwable failure) {
		for (Frame frame : this.batch.frames()) {
			TopicMessage message = frame.journey();
			if (message != null && failure == null) {
				this.journeys.written(message);
			}
			else if (message != null) {
				this.journeys.notWritten(message);
			}
		}
		this.writer.done(failure);
	}

}
