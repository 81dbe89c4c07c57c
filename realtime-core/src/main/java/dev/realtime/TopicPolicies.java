package dev.realtime;

/**
 * Finds the policy of a topic. Must be fast and side-effect free; asked on any thread.
 */
@FunctionalInterface
public interface TopicPolicies {

	/** The policy of the given topic; never null. */
	TopicPolicy of(Topic topic);

	/** One policy for all. */
	static TopicPolicies all(TopicPolicy policy) {
		return (topic) -> policy;
	}

}
