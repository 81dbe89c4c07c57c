package dev.realtime.spring.asyncapi;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies of topics, for a usual value of each parameter: rules for a few values are
 * not seen. An application's {@link TopicPolicies} may throw anything.
 */
final class KnownPolicies {

	private static final Logger logger = LoggerFactory.getLogger(KnownPolicies.class);

	private static final String PREFIX = "/topic/";

	private final @Nullable TopicPolicies policies;

	KnownPolicies(@Nullable TopicPolicies policies) {
		this.policies = policies;
	}

	/** Returns the policy, or null if the address is no topic or nothing is known. */
	@Nullable TopicPolicy of(Address address) {
		String destination = address.sample();
		if (this.policies == null || !destination.startsWith(PREFIX)) {
			return null;
		}
		try {
			return this.policies.of(Topic.fromDestination(destination.substring(PREFIX.length())));
		}
		catch (Throwable ex) {
			logger.warn("The AsyncAPI document says nothing of the policy of {}, because it cannot be found out",
					address.text(), ex);
			return null;
		}
	}

	/** Returns what clients may want to know of the policy, or null. */
	@Nullable Map<String, Object> extension(Address address) {
		TopicPolicy policy = of(address);
		if (policy == null) {
			return null;
		}
		Map<String, Object> extension = new LinkedHashMap<>();
		extension.put("historySize", policy.historySize());
		extension.put("historySeconds", policy.historyTime().toSeconds());
		extension.put("overflow", policy.overflow().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		extension.put("presence", policy.presence());
		extension.put("clientPublish", policy.clientPublish());
		return extension;
	}

}
