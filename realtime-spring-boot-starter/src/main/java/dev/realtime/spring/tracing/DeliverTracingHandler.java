package dev.realtime.spring.tracing;

import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.core.Ordered;

/**
 * Starts the span of a delivery when the message was numbered, so that its length is what
 * subscribers had to wait for. The time is that of the store's clock.
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
		long now = System.currentTimeMillis();
		return builder.startTimestamp(Math.min(context.message().timestamp(), now), TimeUnit.MILLISECONDS);
	}

}
