package dev.realtime.spring.tracing;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Of a frame's headers those that say which trace it belongs to. Not baggage: clients
 * must not choose what the application's logs contain.
 */
record TraceHeaders(@Nullable String traceparent,
		@Nullable String tracestate) implements UnaryOperator<@Nullable String> {

	static final TraceHeaders NONE = new TraceHeaders(null, null);

	@Override
	public @Nullable String apply(@Nullable String name) {
		return "traceparent".equals(name) ? this.traceparent : "tracestate".equals(name) ? this.tracestate : null;
	}

}
