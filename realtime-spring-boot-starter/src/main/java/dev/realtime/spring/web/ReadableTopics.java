package dev.realtime.spring.web;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** The topics that may be read over HTTP, see {@link TopicAuthorization}. */
final class ReadableTopics {

	private final TopicPolicies policies;

	private final TopicAuthorization access;

	ReadableTopics(TopicPolicies policies, TopicAuthorization access) {
		this.policies = policies;
		this.access = access;
	}

	/**
	 * The topic of this name, if the user may read it.
	 * @throws RequestRefusedException when the name is illegal or access is denied
	 */
	Topic find(@Nullable Principal user, String name) {
		Topic topic = parse(name);
		check(TopicRight.READ, user, topic);
		return topic;
	}

	private void check(TopicRight right, @Nullable Principal user, Topic topic) {
		AccessDecision decision = this.access.decide(right, user, topic);
		if (!decision.granted()) {
			throw new RequestRefusedException(HttpStatus.FORBIDDEN, decision.reason(), decision.sentence());
		}
	}

	/**
	 * The same, for a topic whose members are tracked.
	 * @throws RequestRefusedException also when they are not
	 */
	Topic findWithPresence(@Nullable Principal user, String name) {
		Topic topic = parse(name);
		if (!topic.isReserved()) {
			check(TopicRight.MEMBERS, user, topic);
		}
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
