package dev.realtime.spring;

import dev.realtime.DeliveryRate;
import dev.realtime.DeliveryRate.Policy;
import org.jspecify.annotations.Nullable;

/**
 * {@code rate} of {@code realtime.topics.<name>} and {@code realtime.topic-defaults}: how
 * many messages of a topic one subscriber gets in a second.
 *
 * @param messagesPerSecond the most messages per second that one subscriber gets of a
 * topic; 1 to 10000. Needs the policy sample or latest
 * @param policy what is left out beyond that: sample (all but an even sample), latest
 * (messages that a newer one with the same header key replaces) or all (nothing: there is
 * no rate). What is left out is announced as gaps
 */
public record TopicRate(@Nullable Integer messagesPerSecond, @Nullable Policy policy) {

	private static final TopicRate NOT_SET = new TopicRate(null, null);

	/** The given one, or one that sets nothing. */
	static TopicRate orNone(@Nullable TopicRate rate) {
		return (rate != null) ? rate : NOT_SET;
	}

	/** Checks the bounds; the prefix is this rate's name among the properties. */
	void check(String prefix, DeliveryRate defaults) {
		String property = prefix + ".messages-per-second";
		Policy effective = policy(defaults);
		if (this.messagesPerSecond != null) {
			PropertyBounds.range(property, this.messagesPerSecond, 1, DeliveryRate.MAX_MESSAGES_PER_SECOND);
			PropertyBounds.check(effective != Policy.ALL, prefix + ".policy", this.policy,
					"must be sample or latest with " + property + ", because the policy all delivers every message");
		}
		else {
			PropertyBounds.check(effective == Policy.ALL || defaults.isLimited(), property, null,
					"must be set with " + prefix + ".policy=" + effective.name().toLowerCase(java.util.Locale.ROOT));
		}
	}

	/** The rate that this makes of the defaults. */
	DeliveryRate rate(DeliveryRate defaults) {
		Policy effective = policy(defaults);
		if (effective == Policy.ALL) {
			return DeliveryRate.UNLIMITED;
		}
		return new DeliveryRate(
				(this.messagesPerSecond != null) ? this.messagesPerSecond : defaults.messagesPerSecond(), effective);
	}

	private Policy policy(DeliveryRate defaults) {
		return (this.policy != null) ? this.policy : defaults.policy();
	}

}
