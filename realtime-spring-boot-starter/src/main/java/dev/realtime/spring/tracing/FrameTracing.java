package dev.realtime.spring.tracing;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.spring.Backlog;
import dev.realtime.spring.stomp.FrameObserver;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A span for each CONNECT and SUBSCRIBE of a client that is recorded, until it is
 * answered. Safe for any number of threads.
 */
final class FrameTracing implements FrameObserver {

	/** Most frames that wait for their answer; further ones have no span. */
	static final int MOST_PENDING = 10_000;

	/** Longest destination that is kept of a frame whose limits are checked later. */
	private static final int LONGEST = 1_000;

	private static final ConnectObservationConvention CONNECT = new DefaultConnectObservationConvention();

	private static final SubscribeObservationConvention SUBSCRIBE = new DefaultSubscribeObservationConvention();

	private final Spans spans;

	private final @Nullable ConnectObservationConvention connect;

	private final @Nullable SubscribeObservationConvention subscribe;

	private final TimedTracing recoveries;

	private final TopicPolicies policies;

	private final boolean continuesClients;

	private final Backlog pending = new Backlog(MOST_PENDING, Long.MAX_VALUE);

	FrameTracing(Spans spans, @Nullable ConnectObservationConvention connect,
			@Nullable SubscribeObservationConvention subscribe, TimedTracing recoveries, TopicPolicies policies,
			boolean continuesClients) {
		this.spans = spans;
		this.connect = connect;
		this.subscribe = subscribe;
		this.recoveries = recoveries;
		this.policies = policies;
		this.continuesClients = continuesClients;
	}

	@Override
	public @Nullable Observed connect(String transport, UnaryOperator<@Nullable String> headers) {
		return begin(headers, (trusted) -> new ConnectObservationContext(transport, trusted),
				(context) -> RealtimeObservation.CONNECT.observation(this.connect, CONNECT, () -> context,
						this.spans.registry()));
	}

	@Override
	public @Nullable Observed subscribe(String transport, UnaryOperator<@Nullable String> headers) {
		return begin(headers, (trusted) -> {
			String named = headers.apply("destination");
			String destination = (named == null) ? "" : named.substring(0, Math.min(named.length(), LONGEST));
			return new SubscribeObservationContext(transport, trusted, destination);
		}, (context) -> RealtimeObservation.SUBSCRIBE.observation(this.subscribe, SUBSCRIBE, () -> context,
				this.spans.registry()));
	}

	/** The decision whether it is recorded comes first. */
	private <C extends FrameObservationContext> @Nullable Observed begin(UnaryOperator<@Nullable String> headers,
			Function<TraceHeaders, C> contexts, Function<C, Observation> observations) {
		if (!this.spans.mayBeRecorded()) {
			return null;
		}
		if (!this.pending.enter(0)) {
			this.spans.drop();
			return null;
		}
		C context = contexts.apply(this.continuesClients
				? new TraceHeaders(headers.apply("traceparent"), headers.apply("tracestate")) : TraceHeaders.NONE);
		Spans.Started span = this.spans.start(() -> observations.apply(context));
		if (span == null) {
			this.pending.leave(0);
			return null;
		}
		return new Pending(span, context);
	}

	/** A frame that is not answered yet. */
	private final class Pending implements Observed {

		private final Spans.Started span;

		private final FrameObservationContext context;

		private final AtomicBoolean ended = new AtomicBoolean();

		Pending(Spans.Started span, FrameObservationContext context) {
			this.span = span;
			this.context = context;
		}

		@Override
		public Runnable open() {
			Spans.Opened opened = this.span.open();
			return opened::close;
		}

		@Override
		public void names(Topic topic) {
			if (this.context instanceof SubscribeObservationContext subscribe) {
				FrameTracing.this.spans.contain(() -> subscribe.setRule(FrameTracing.this.policies.ruleOf(topic)));
			}
		}

		@Override
		public void end(Outcome outcome, @Nullable String reason) {
			if (this.ended.compareAndSet(false, true)) {
				this.context.end(outcome, reason);
				FrameTracing.this.spans.execute(() -> {
					FrameTracing.this.pending.leave(0);
					this.span.end(null);
				});
			}
		}

		@Override
		public void recovered(Recovery outcome, long nanos, int messages) {
			String traceparent = this.span.traceparent();
			if (traceparent != null && this.context instanceof SubscribeObservationContext subscribe) {
				FrameTracing.this.recoveries.recovered(traceparent, subscribe, outcome, nanos, messages);
			}
		}

	}

}
