package dev.realtime.spring.actuate;

import java.util.function.ToDoubleFunction;

import dev.realtime.TopicPolicies;
import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import dev.realtime.spring.publisher.CommitAwarePublisher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The meters of what publishes, with connections or without; {@code docs/metrics.md} says
 * what each one means.
 */
final class PublishingMetrics implements MeterBinder {

	private final FleetMember member;

	private final Loops loops;

	private final RuleTimers stored;

	private final RuleTimers failed;

	private final @Nullable CommitAwarePublisher commits;

	PublishingMetrics(FleetMember member, TopicPolicies policies, Loops loops, @Nullable CommitAwarePublisher commits) {
		this.commits = commits;
		this.member = member;
		this.loops = loops;
		this.stored = timers(policies, "ok");
		this.failed = timers(policies, "failed");
	}

	private static RuleTimers timers(TopicPolicies policies, String outcome) {
		return new RuleTimers("realtime.publish", "From the call to publish until the message is stored, or failed",
				policies, Tag.of("outcome", outcome));
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.stored.bindTo(registry);
		this.failed.bindTo(registry);
		this.member.onPublished(
				(topic, nanos, failure) -> ((failure == null) ? this.stored : this.failed).record(topic, nanos));
		Gauge.builder("realtime.broker.connected", this.member, (member) -> member.broker().isConnected() ? 1 : 0)
			.description("Whether this node is connected to the broker and the relay")
			.register(registry);
		published(registry, "ok", FleetMember::published);
		published(registry, "failed", FleetMember::publishFailures);
		if (this.commits != null) {
			FunctionCounter
				.builder("realtime.publish.after.commit.failures", this.commits,
						CommitAwarePublisher::failuresAfterCommit)
				.description("Messages that could not be published after the commit of their transaction")
				.register(registry);
		}
		Gauge.builder("realtime.loop.stalled", this.loops, (loops) -> loops.stalled().size())
			.description("Background loops that have work and make no progress")
			.register(registry);
		this.loops.observe((kind, failures) -> FunctionCounter
			.builder("realtime.loop.failures", this.loops, (loops) -> failures.getAsLong())
			.tag("loop", kind)
			.description("Tasks of background loops that failed")
			.register(registry));
	}

	private void published(MeterRegistry registry, String outcome, ToDoubleFunction<FleetMember> count) {
		FunctionCounter.builder("realtime.published", this.member, count)
			.tag("outcome", outcome)
			.description("Messages published through this node")
			.register(registry);
	}

}
