package dev.realtime.spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;

/**
 * A histogram of durations for each rule of topics, in every registry that it was bound
 * to. There are at most {@value #MAX_RULES} of them, whatever the policies answer; topics
 * of further rules are counted as {@value #OTHER}. Safe for any number of threads.
 */
final class RuleTimers {

	static final int MAX_RULES = 100;

	static final String OTHER = "other";

	/** From a message on one machine to the two seconds that a fleet is designed for. */
	private static final Duration[] BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
			Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100),
			Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30) };

	private final String name;

	private final String description;

	private final TopicPolicies policies;

	private final List<Tag> tags;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, List<Timer>> timers = new ConcurrentHashMap<>();

	RuleTimers(String name, String description, TopicPolicies policies, Tag... tags) {
		this.name = name;
		this.description = description;
		this.policies = policies;
		this.tags = List.of(tags);
	}

	/** From now on the registry has what is recorded. */
	synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.timers.replaceAll((rule, known) -> register(rule));
	}

	void record(Topic topic, Duration duration) {
		for (Timer timer : timers(this.policies.ruleOf(topic))) {
			timer.record(duration);
		}
	}

	private List<Timer> timers(String rule) {
		List<Timer> known = this.timers.get(rule);
		return (known != null) ? known : add(rule);
	}

	private synchronized List<Timer> add(String rule) {
		String tag = (this.timers.size() < MAX_RULES) ? rule : OTHER;
		return this.timers.computeIfAbsent(tag, this::register);
	}

	/** A registry returns the timer that it has already. */
	private List<Timer> register(String rule) {
		return this.registries.stream()
			.map((registry) -> Timer.builder(this.name)
				.description(this.description)
				.tags(this.tags)
				.tag("rule", rule)
				.serviceLevelObjectives(BUCKETS)
				.register(registry))
			.toList();
	}

}
