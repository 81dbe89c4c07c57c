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

	private final Decision defaults;

	/** Cleared when full: a pattern is matched again then, nothing else. */
	private final Map<Topic, Decision> cache = new ConcurrentHashMap<>();

	public ConfiguredTopicPolicies(RealtimeProperties properties) {
		TopicPolicy policy = properties.topicDefaults().policy();
		this.defaults = new Decision(DEFAULT_RULE, policy);
		properties.topics().forEach((name, rule) -> {
			RulePattern pattern = rule.patternOf("realtime.topics." + name);
			this.rules.add(new Rule(pattern, new Decision(name, rule.policy(policy))));
		});
	}

	@Override
	public TopicPolicy of(Topic topic) {
		return decision(topic).policy();
	}

	/** The rule's name among {@code realtime.topics}. */
	@Override
	public String ruleOf(Topic topic) {
		return decision(topic).rule();
	}

	private Decision decision(Topic topic) {
		Decision known = this.cache.get(topic);
		if (known != null) {
			return known;
		}
		Decision found = topic.isReserved() ? find(topic).withoutRate() : find(topic);
		if (this.cache.size() >= MAX_CACHED) {
			this.cache.clear();
		}
		this.cache.put(topic, found);
		return found;
	}

	private Decision find(Topic topic) {
		for (Rule rule : this.rules) {
			if (rule.pattern().matches(topic)) {
				return rule.decision();
			}
		}
		return this.defaults;
	}

	private record Rule(RulePattern pattern, Decision decision) {
	}

	/** A policy, and the rule that it is from. */
	private record Decision(String rule, TopicPolicy policy) {

		Decision withoutRate() {
			return new Decision(this.rule, this.policy.toBuilder().rate(DeliveryRate.UNLIMITED).build());
		}

	}

}
