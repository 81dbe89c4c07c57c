package dev.realtime.spring.tracing;

import java.time.Instant;
import java.util.function.Function;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * What an observation knows of something that is over: it begins and ends when that did.
 *
 * @param <C> the carrier, which has the parent's span or none
 */
public abstract sealed class TimedObservationContext<C> extends ReceiverContext<C> permits DeliverObservationContext,
		StoreObservationContext, AnnounceObservationContext, RecoverObservationContext, RepairObservationContext {

	private final Instant began;

	private final Instant ended;

	/**
	 * Makes the context.
	 * @param trace returns the parent's {@code traceparent}, or null
	 */
	TimedObservationContext(C carrier, Function<C, @Nullable String> trace, Kind kind, Instant began, Instant ended) {
		super((known, name) -> "traceparent".equals(name) ? trace.apply(known) : null, kind);
		this.began = began.isAfter(ended) ? ended : began;
		this.ended = ended;
		setCarrier(carrier);
	}

	/** Returns when it began. */
	public final Instant began() {
		return this.began;
	}

	/** Returns when it ended. */
	public final Instant ended() {
		return this.ended;
	}

}
