package dev.realtime.spring.tracing;

import java.util.function.Consumer;

import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A span for each message with a trace that a shard has delivered, whatever the number of
 * subscribers. Called on shards, which only pass the message on.
 */
final class DeliverTracing implements Consumer<TopicMessage> {

	private static final DeliverObservationConvention DEFAULT = new DefaultDeliverObservationConvention();

	private final Spans spans;

	private final ObservationRegistry registry;

	private final @Nullable DeliverObservationConvention convention;

	private final TopicPolicies policies;

	private final String node;

	DeliverTracing(Spans spans, ObservationRegistry registry, @Nullable DeliverObservationConvention convention,
			TopicPolicies policies, String node) {
		this.spans = spans;
		this.registry = registry;
		this.convention = convention;
		this.policies = policies;
		this.node = node;
	}

	@Override
	public void accept(TopicMessage message) {
		this.spans.later(() -> record(message));
	}

	private void record(TopicMessage message) {
		Spans.Started span = this.spans.start(() -> RealtimeObservation.DELIVER.observation(this.convention, DEFAULT,
				() -> new DeliverObservationContext(message, this.policies.ruleOf(message.topic()), this.node),
				this.registry));
		if (span != null) {
			span.end(null);
		}
	}

}
