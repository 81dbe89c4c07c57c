package dev.realtime.spring.web;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.ReadAccess;
import dev.realtime.spring.security.TopicAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** The topics that may be read over HTTP, see {@link ReadAccess}. */
final class ReadableTopics {

	private final TopicPolicies policies;

	private final ReadAccess access;

	ReadableTopics(TopicPolicies policies, TopicAccess access, Destinations destinations) {
		this.policies = policies;
		this.access = new ReadAccess(policies, access, destinations);
	}

	/**
	 * The topic of this name, if the user may read it.
	 * @throws RequestRefusedException when the name is illegal or access is denied
	 */
	Topic find(@Nullable Principal user, String name) {
		Topic topic = parse(name);
		if (!this.access.mayRead(user, topic)) {
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

	private static Topic parse(String name) {
		try {
			return ClientInput.topic("bad-request", name);
		}
		catch (RefusedException ex) {
			throw RequestRefusedException.badRequest(ex.sentence());
		}
	}

}
