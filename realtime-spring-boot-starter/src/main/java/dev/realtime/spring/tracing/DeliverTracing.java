package dev.realtime.spring.tracing;

import java.time.Instant;
import java.util.function.Consumer;

import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import org.jspecify.annotations.Nullable;

/**
 * A span for each message with a trace that a shard has delivered, whatever the number of
 * subscribers. Called on shards, which only pass the message on.
 */
final class DeliverTracing implements Consumer<TopicMessage> {

	private static final DeliverObservationConvention DEFAULT = new DefaultDeliverObservationConvention();

	private final Spans spans;

	private final @Nullable DeliverObservationConvention convention;

	private final TopicPolicies policies;

	private final String node;

	DeliverTracing(Spans spans, @Nullable DeliverObservationConvention convention, TopicPolicies policies,
			String node) {
		this.spans = spans;
		this.convention = convention;
		this.policies = policies;
		this.node = node;
	}

	@Override
	public void accept(TopicMessage message) {
		int bytes = message.content().size();
		if (this.spans.enter(bytes)) {
			Instant now = Instant.now();
			this.spans.later(bytes, () -> record(message, now));
		}
	}

	private void record(TopicMessage message, Instant delivered) {
		Spans.Started span = this.spans.start(() -> RealtimeObservation.DELIVER.observation(this.convention, DEFAULT,
				() -> new DeliverObservationContext(message, delivered, this.policies.ruleOf(message.topic()),
						this.node),
				this.spans.registry()));
		if (span != null) {
			span.end(null);
		}
	}

}
