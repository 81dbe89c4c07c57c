package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code realtime.region}.
 *
 * @param region the region of this fleet, one of realtime.regions.names; without it the
 * fleet shares topics with no other
 */
@ConfigurationProperties("realtime")
public record RegionProperties(@Nullable String region) {

	/** The name of {@link #region()}. */
	static final String PROPERTY = "realtime.region";

}
