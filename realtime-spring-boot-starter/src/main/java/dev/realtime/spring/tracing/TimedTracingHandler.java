package dev.realtime.spring.tracing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Starts and ends the span of something that is over when that began and ended, so that
 * the span's length is what others had to wait for.
 */
final class TimedTracingHandler extends PropagatingReceiverTracingObservationHandler<TimedObservationContext<?>>
		implements Ordered {

	/** Before the handler of Spring Boot for all that is received, which has 1000. */
	private static final int ORDER = 900;

	private final Tracer tracer;

	TimedTracingHandler(Tracer tracer, Propagator propagator) {
		super(tracer, propagator);
		this.tracer = tracer;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof TimedObservationContext<?>;
	}

	@Override
	public Span.Builder customizeExtractedSpan(TimedObservationContext<?> context, Span.Builder builder) {
		if (context instanceof DeliverObservationContext deliver) {
			deliver.messages().stream().skip(1).forEach((message) -> link(builder, message.content().trace()));
		}
		return builder.startTimestamp(micros(context.began()), TimeUnit.MICROSECONDS);
	}

	/** A trace of a message is well-formed: version, trace, span and flags. */
	private void link(Span.Builder builder, @Nullable String trace) {
		if (trace != null) {
			Span.Builder unused = builder.addLink(new Link(this.tracer.traceContextBuilder()
				.traceId(trace.substring(3, 35))
				.spanId(trace.substring(36, 52))
				.sampled(true)
				.build()));
		}
	}

	@Override
	public void endSpan(TimedObservationContext<?> context, Span span) {
		span.end(micros(context.ended()), TimeUnit.MICROSECONDS);
		// The end that follows in there is ignored.
		super.endSpan(context, span);
	}

	private static long micros(Instant time) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, time);
	}

}
