package dev.realtime.region;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Which regions there are, and what to bound.
 *
 * @param own this region
 * @param others the other regions
 * @param home the home of a topic, or null for a topic that stays in each region; quick,
 * and the same in all regions
 * @param timeout how long a forwarded publication may take, and after which time without
 * a sign of life a region counts as lost; 500 ms or more
 * @param compareInterval how often a home tells the heads of the topics that have changed
 * @param compareAllInterval how often it tells those of all topics
 * @param pending how many forwarded publications may be without an answer
 */
public record RegionOptions(String own, Set<String> others, Function<Topic, @Nullable String> home, Duration timeout,
		Duration compareInterval, Duration compareAllInterval, int pending) {

	/** Copies the set. */
	public RegionOptions {
		others = Set.copyOf(others);
	}

	/** Whether another region numbers the topic. */
	boolean isCopy(Topic topic) {
		String home = this.home.apply(topic);
		return home != null && !home.equals(this.own);
	}

	/** Whether this region numbers the topic for all. */
	boolean isHome(Topic topic) {
		return this.own.equals(this.home.apply(topic));
	}

}
