package dev.realtime.spring.tracing;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import org.jspecify.annotations.Nullable;

/**
 * A span for the messages with a trace that a shard has delivered together, whatever the
 * number of subscribers. Called on shards, which only pass the messages on.
 */
final class DeliverTracing implements Consumer<List<TopicMessage>> {

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
	public void accept(List<TopicMessage> messages) {
		int bytes = 0;
		for (TopicMessage message : messages) {
			bytes += message.content().size();
		}
		if (this.spans.enter(bytes)) {
			Instant now = Instant.now();
			this.spans.later(bytes, () -> record(messages, now));
		}
	}

	private void record(List<TopicMessage> messages, Instant delivered) {
		Spans.Started span = this.spans.start(() -> RealtimeObservation.DELIVER.observation(this.convention, DEFAULT,
				() -> new DeliverObservationContext(messages, delivered, this.policies.ruleOf(messages.get(0).topic()),
						this.node),
				this.spans.registry()));
		if (span != null) {
			span.end(null);
		}
	}

}
