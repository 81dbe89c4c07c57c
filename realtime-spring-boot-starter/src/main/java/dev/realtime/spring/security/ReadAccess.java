package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.Destinations;
import org.jspecify.annotations.Nullable;

/**
 * Who may read a topic without a subscription. A user's personal topics are for that user
 * alone, the events of presence for those who may read the topic that they are about;
 * about everything else {@link TopicAccess} is asked. Safe for any number of threads.
 *
 * @param policies tell whether a topic has presence
 * @param access decides in the end
 * @param destinations tell topics of the engine's own apart
 */
public record ReadAccess(TopicPolicies policies, TopicAccess access, Destinations destinations) {

	/** Whether the user may read; the user is null when nobody is logged in. */
	public boolean mayRead(@Nullable Principal user, Topic topic) {
		if (!this.destinations.isReachable(topic)) {
			return false;
		}
		if (this.destinations.isPersonal(topic)) {
			return user != null && this.destinations.isPersonal(topic, user.getName())
					&& this.access.mayRead(user, topic);
		}
		Topic base = PresenceTopics.base(topic);
		if (base == null) {
			return this.access.mayRead(user, topic);
		}
		return !base.isReserved() && this.policies.of(base).presence() && this.access.mayRead(user, base)
				&& (!(this.access instanceof DestinationTopicAccess) || this.access.mayRead(user, topic));
	}

}
