package dev.realtime.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The home regions of topics: the first rule of {@code realtime.topics} whose pattern
 * matches decides; if it names none, {@code realtime.regions.home} holds. The engine's
 * own topics stay in the region, and so do those of users unless a rule names their home.
 */
final class TopicHomes implements Function<Topic, @Nullable String> {

	private static final int MAX_CACHED = 10_000;

	private final List<Rule> rules = new ArrayList<>();

	private final @Nullable String defaults;

	/** Cleared when full: a pattern is matched again then, nothing else. */
	private final Map<Topic, Optional<String>> cache = new ConcurrentHashMap<>();

	TopicHomes(RealtimeProperties properties, RegionsProperties regions) {
		this.defaults = regions.home();
		properties.topics().forEach((name, rule) -> {
			String property = "realtime.topics." + name;
			PropertyBounds.check(rule.home() == null || regions.names().contains(rule.home()), property + ".home",
					rule.home(), "must be one of realtime.regions.names");
			this.rules.add(new Rule(rule.patternOf(property), rule.home()));
		});
	}

	@Override
	public @Nullable String apply(Topic topic) {
		Optional<String> known = this.cache.get(topic);
		if (known == null) {
			known = Optional.ofNullable(find(topic));
			if (this.cache.size() >= MAX_CACHED) {
				this.cache.clear();
			}
			this.cache.put(topic, known);
		}
		return known.orElse(null);
	}

	private @Nullable String find(Topic topic) {
		if (topic.isReserved() && !topic.name().startsWith("_user.")) {
			return null;
		}
		String fallback = topic.isReserved() ? null : this.defaults;
		for (Rule rule : this.rules) {
			if (rule.pattern().matches(topic)) {
				return (rule.home() != null) ? rule.home() : fallback;
			}
		}
		return fallback;
	}

	private record Rule(RulePattern pattern, @Nullable String home) {
	}

}
