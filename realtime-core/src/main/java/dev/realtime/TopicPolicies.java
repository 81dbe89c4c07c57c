package dev.realtime;

/**
 * Finds the policy of a topic. Must be fast and side-effect free; asked on any thread.
 */
@FunctionalInterface
public interface TopicPolicies {

	/** What {@link #ruleOf} answers for a topic that no rule matches. */
	String DEFAULT_RULE = "default";

	/** The policy of the given topic; never null. */
	TopicPolicy of(Topic topic);

	/**
	 * Names the rule that decides about the topic, for meters: one of a small number of
	 * names, however many topics there are.
	 */
	default String ruleOf(Topic topic) {
		return DEFAULT_RULE;
	}

	/** One policy for all. */
	static TopicPolicies all(TopicPolicy policy) {
		return (topic) -> policy;
	}

}
