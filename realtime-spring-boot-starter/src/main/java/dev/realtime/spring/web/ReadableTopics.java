package dev.realtime.spring.web;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.SubscriptionGrant;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import jakarta.servlet.http.HttpServletRequest;
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
	 * The topic that the request names, if its user may read it.
	 * @throws RequestRefusedException when the name is illegal or access is denied
	 */
	Topic find(ResourceRequest request) {
		Topic topic = parse(TopicParameters.one(request.http()));
		check(TopicRight.READ, request.user(), topic, grant(request.http(), request.user()));
		return topic;
	}

	private @Nullable SubscriptionGrant grant(HttpServletRequest request, @Nullable Principal user) {
		try {
			return this.access.subscriptionGrant(request.getParameter("subscription-token"), user);
		}
		catch (RefusedException ex) {
			throw new RequestRefusedException(HttpStatus.FORBIDDEN, ex.sentence());
		}
	}

	private void check(TopicRight right, @Nullable Principal user, Topic topic, @Nullable SubscriptionGrant grant) {
		AccessDecision decision = this.access.decide(right, user, topic, grant);
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
			check(TopicRight.MEMBERS, user, topic, null);
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
