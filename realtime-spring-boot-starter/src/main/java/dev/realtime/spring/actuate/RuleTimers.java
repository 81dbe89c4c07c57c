package dev.realtime.spring.actuate;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

/**
 * A histogram of durations for each rule of topics, in every registry that it was bound
 * to. There are at most {@value #MAX_RULES} of them, whatever the policies answer; topics
 * of further rules are counted as {@value TaggedHistogram#OTHER}. Safe for any number of
 * threads.
 */
final class RuleTimers {

	static final int MAX_RULES = 100;

	private final TopicPolicies policies;

	private final TaggedHistogram byRule;

	RuleTimers(String name, String description, TopicPolicies policies, Tag... tags) {
		this.policies = policies;
		this.byRule = new TaggedHistogram(name, description, "rule", MAX_RULES, tags);
	}

	/** From now on the registry has what is recorded. */
	void bindTo(MeterRegistry registry) {
		this.byRule.bindTo(registry);
	}

	void record(Topic topic, long nanos) {
		this.byRule.record(this.policies.ruleOf(topic), nanos);
	}

	/** Records how old a message is, as {@link Histogram#recordAge} does. */
	void recordAge(TopicMessage message, long nowMillis) {
		record(message.topic(), Histogram.ageNanos(message, nowMillis));
	}

}
