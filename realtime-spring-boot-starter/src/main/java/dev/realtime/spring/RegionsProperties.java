package dev.realtime.spring;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.regions}: how several fleets share topics; see realtime.region.
 *
 * @param names all regions, the same in each
 * @param home the home of topics whose rule names none; without it they stay in each
 * region
 * @param timeout how long a publication may take that is forwarded to the home of its
 * topic, and after which time without a sign of life a region counts as lost
 * @param compareInterval how often a home tells the last numbers of topics that have
 * changed, so that other regions find what they lack
 * @param compareAllInterval how often it tells those of all topics
 * @param pending how many forwarded publications of a node may be without an answer
 * @param kafka the Kafka that all regions reach
 */
@ConfigurationProperties("realtime.regions")
public record RegionsProperties(@DefaultValue List<String> names, @Nullable String home,
		@DefaultValue("5s") Duration timeout, @DefaultValue("2s") Duration compareInterval,
		@DefaultValue("5m") Duration compareAllInterval, @DefaultValue("10000") int pending,
		@NestedConfigurationProperty @DefaultValue RegionKafkaProperties kafka) {

	private static final String PREFIX = "realtime.regions.";

	private static final String NAME = "[A-Za-z0-9_-]{1,64}";

	private static final int MOST = 16;

	public RegionsProperties {
		names = List.copyOf(names);
		PropertyBounds.check(
				names.size() <= MOST && new HashSet<>(names).size() == names.size()
						&& names.stream().allMatch((each) -> each.matches(NAME)),
				PREFIX + "names", names, "must be up to 16 different names of 1 to 64 characters of A-Z a-z 0-9 _ -");
		PropertyBounds.check(home == null || names.contains(home), PREFIX + "home", home,
				"must be one of realtime.regions.names");
		PropertyBounds.check(timeout.toMillis() >= 500 && timeout.toMinutes() < 5, PREFIX + "timeout",
				PropertyBounds.text(timeout), "must be 500ms or more and less than 5m");
		PropertyBounds.check(compareInterval.toMillis() >= 100, PREFIX + "compare-interval",
				PropertyBounds.text(compareInterval), "must be 100ms or more");
		PropertyBounds.positive(PREFIX + "compare-interval", compareInterval);
		PropertyBounds.check(compareAllInterval.toMillis() >= 1_000, PREFIX + "compare-all-interval",
				PropertyBounds.text(compareAllInterval), "must be 1s or more");
		PropertyBounds.positive(PREFIX + "compare-all-interval", compareAllInterval);
		PropertyBounds.range(PREFIX + "pending", pending, 1, 1_000_000);
	}

}
