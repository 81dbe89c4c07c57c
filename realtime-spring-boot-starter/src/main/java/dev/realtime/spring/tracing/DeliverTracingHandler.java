package dev.realtime.spring.tracing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.core.Ordered;

/**
 * Starts the span of a delivery when the message was numbered, so that its length is what
 * subscribers had to wait for, and ends it when it was delivered. The first time is that
 * of the store's clock.
 */
final class DeliverTracingHandler extends PropagatingReceiverTracingObservationHandler<DeliverObservationContext>
		implements Ordered {

	/** Before the handler of Spring Boot for all that is received, which has 1000. */
	private static final int ORDER = 900;

	DeliverTracingHandler(Tracer tracer, Propagator propagator) {
		super(tracer, propagator);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof DeliverObservationContext;
	}

	@Override
	public Span.Builder customizeExtractedSpan(DeliverObservationContext context, Span.Builder builder) {
		return builder.startTimestamp(
				TimeUnit.MILLISECONDS
					.toMicros(Math.min(context.message().timestamp(), context.delivered().toEpochMilli())),
				TimeUnit.MICROSECONDS);
	}

	@Override
	public void endSpan(DeliverObservationContext context, Span span) {
		span.end(ChronoUnit.MICROS.between(Instant.EPOCH, context.delivered()), TimeUnit.MICROSECONDS);
		// The end that follows in there is ignored.
		super.endSpan(context, span);
	}

}
