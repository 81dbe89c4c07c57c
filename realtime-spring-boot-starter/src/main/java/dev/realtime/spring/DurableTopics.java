package dev.realtime.spring;

import java.util.function.Predicate;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.presence.PresenceTopics;

/**
 * Which topics are kept in the durable log: those whose policy says so, or all where
 * there is nothing else. Joins and leaves are only then: they are worth nothing once they
 * are old.
 *
 * @param log whether this node has a durable log
 * @param all whether it keeps everything
 * @param policies say what is durable
 */
public record DurableTopics(boolean log, boolean all, TopicPolicies policies) implements Predicate<Topic> {

	@Override
	public boolean test(Topic topic) {
		return this.all || (this.log && PresenceTopics.base(topic) == null && this.policies.of(topic).durable());
	}

}
