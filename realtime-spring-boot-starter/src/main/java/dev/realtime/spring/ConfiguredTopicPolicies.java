package dev.realtime.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.DeliveryRate;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;

/**
 * The policies of {@code realtime.topics}: the first rule whose pattern matches decides,
 * in order of declaration; else {@code realtime.topic-defaults} hold. The engine's own
 * topics, such as those of joins and leaves, have no rate.
 */
public final class ConfiguredTopicPolicies implements TopicPolicies {

	private static final int MAX_CACHED = 10_000;

	private final List<Rule> rules = new ArrayList<>();

	private final TopicPolicy defaults;

	/** Cleared when full: a pattern is matched again then, nothing else. */
	private final Map<Topic, TopicPolicy> cache = new ConcurrentHashMap<>();

	public ConfiguredTopicPolicies(RealtimeProperties properties) {
		this.defaults = properties.topicDefaults().policy();
		properties.topics().forEach((name, rule) -> {
			RulePattern pattern = rule.patternOf("realtime.topics." + name);
			this.rules.add(new Rule(pattern, rule.policy(this.defaults)));
		});
	}

	@Override
	public TopicPolicy of(Topic topic) {
		TopicPolicy known = this.cache.get(topic);
		if (known != null) {
			return known;
		}
		TopicPolicy found = topic.isReserved() ? find(topic).withRate(DeliveryRate.UNLIMITED) : find(topic);
		if (this.cache.size() >= MAX_CACHED) {
			this.cache.clear();
		}
		this.cache.put(topic, found);
		return found;
	}

	private TopicPolicy find(Topic topic) {
		for (Rule rule : this.rules) {
			if (rule.pattern().matches(topic)) {
				return rule.policy();
			}
		}
		return this.defaults;
	}

	private record Rule(RulePattern pattern, TopicPolicy policy) {
	}

}
