package dev.realtime.spring.tracing;

import java.util.function.UnaryOperator;

import dev.realtime.spring.stomp.SendObserver;
import org.jspecify.annotations.Nullable;

/**
 * A span for each SEND of a client that is recorded; what its handling publishes is its
 * child. Safe for any number of threads.
 */
final class ReceiveTracing implements SendObserver {

	private static final ReceiveObservationConvention DEFAULT = new DefaultReceiveObservationConvention();

	private final Spans spans;

	private final @Nullable ReceiveObservationConvention convention;

	private final boolean continuesClients;

	ReceiveTracing(Spans spans, @Nullable ReceiveObservationConvention convention, boolean continuesClients) {
		this.spans = spans;
		this.convention = convention;
		this.continuesClients = continuesClients;
	}

	@Override
	public @Nullable Handling begin(UnaryOperator<@Nullable String> headers, String destination) {
		if (!this.spans.mayBeRecorded()) {
			return null;
		}
		UnaryOperator<@Nullable String> trusted = this.continuesClients ? headers : (name) -> null;
		Spans.Started span = this.spans.start(() -> RealtimeObservation.RECEIVE.observation(this.convention, DEFAULT,
				() -> new ReceiveObservationContext(destination, trusted), this.spans.registry()));
		if (span == null) {
			return null;
		}
		Spans.Opened opened = span.open();
		return (failure) -> {
			opened.close();
			span.end(failure);
		};
	}

}
