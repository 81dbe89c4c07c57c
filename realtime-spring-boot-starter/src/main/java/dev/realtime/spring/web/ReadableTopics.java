package dev.realtime.spring.web;

import java.security.Principal;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.security.TopicAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The topics that may be read over HTTP. A user's personal topics are for that user
 * alone, the events of presence for those who may read the topic that they are about.
 */
final class ReadableTopics {

	private static final String PRESENCE = "_presence.";

	private final TopicPolicies policies;

	private final TopicAccess access;

	private final Destinations destinations;

	ReadableTopics(TopicPolicies policies, TopicAccess access, Destinations destinations) {
		this.destinations = destinations;
		this.policies = policies;
		this.access = access;
	}

	/**
	 * The topic of this name, if the user may read it.
	 * @throws RequestRefusedException when the name is illegal or access is denied
	 */
	Topic find(@Nullable Principal user, String name) {
		Topic topic = parse(name);
		if (!isReadable(user, topic)) {
			throw new RequestRefusedException(HttpStatus.FORBIDDEN, "You may not read topic \"" + topic + '"');
		}
		return topic;
	}

	/**
	 * The same, for a topic whose members are tracked.
	 * @throws RequestRefusedException also when they are not
	 */
	Topic findWithPresence(@Nullable Principal user, String name) {
		Topic topic = find(user, name);
		if (topic.isReserved() || !this.policies.of(topic).presence()) {
			throw new RequestRefusedException(HttpStatus.NOT_FOUND, "Topic \"" + topic + "\" has no presence");
		}
		return topic;
	}

	private boolean isReadable(@Nullable Principal user, Topic topic) {
		if (this.destinations.isPersonal(topic)) {
			return user != null && this.destinations.isPersonal(topic, user.getName())
					&& this.access.mayRead(user, topic);
		}
		if (!topic.name().startsWith(PRESENCE)) {
			return this.destinations.isReachable(topic) && this.access.mayRead(user, topic);
		}
		Topic base = Topic.of(topic.name().substring(PRESENCE.length()));
		return !base.isReserved() && this.policies.of(base).presence() && this.access.mayRead(user, base);
	}

	private static Topic parse(String name) {
		try {
			return Topic.of(name);
		}
		catch (IllegalTopicException ex) {
			throw RequestRefusedException.badRequest(String.valueOf(ex.getMessage()));
		}
	}

}
