package dev.realtime.spring.actuate;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Histograms by rule. */
class RuleTimersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void rule8_policiesWithARuleForEachTopicMakeNoMoreSeriesThanAllowed() {
		RuleTimers timers = new RuleTimers("test", "a test", new EachTopic());
		timers.bindTo(this.registry);

		for (int i = 0; i < 10_000; i++) {
			timers.record(Topic.of("room." + i), 1_000_000);
		}

		assertThat(this.registry.find("test").timers()).hasSize(RuleTimers.MAX_RULES + 1);
		assertThat(this.registry.get("test").tag("rule", TaggedHistogram.OTHER).timer().count())
			.isEqualTo(10_000 - RuleTimers.MAX_RULES);
	}

	@Test
	void eachRegistryHasWhatIsRecordedOnceItIsBound() {
		RuleTimers timers = new RuleTimers("test", "a test", TopicPolicies.all(TopicPolicy.DEFAULT));
		timers.record(Topic.of("room.1"), 1_000_000);
		timers.bindTo(this.registry);
		timers.record(Topic.of("room.1"), 1_000_000);
		MeterRegistry later = new SimpleMeterRegistry();
		timers.bindTo(later);
		timers.record(Topic.of("room.2"), 1_000_000);

		assertThat(this.registry.get("test").tag("rule", TopicPolicies.DEFAULT_RULE).timer().count()).isEqualTo(2);
		assertThat(later.get("test").timer().count()).isEqualTo(1);
	}

	private static final class EachTopic implements TopicPolicies {

		@Override
		public TopicPolicy of(Topic topic) {
			return TopicPolicy.DEFAULT;
		}

		@Override
		public String ruleOf(Topic topic) {
			return topic.name();
		}

	}

}
