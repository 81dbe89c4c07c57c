package dev.realtime.spring.security;

import java.security.Principal;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The one decision about what clients may do on topics, for every entry point. In this
 * order:
 * <ol>
 * <li>A user's own topics are for that user alone, to read.
 * <li>The joins and leaves of a topic are for those who may see its members.
 * <li>A {@linkplain SubscriptionTokens subscription token} grants reading the topics that
 * it names, unless a rule of {@code realtime.topics.<name>} says {@code nobody}.
 * <li>Where the user's token has {@linkplain TokenGrants grants}, they decide: what they
 * name is granted, unless a rule of {@code realtime.topics.<name>} says {@code nobody},
 * and everything else is denied.
 * <li>The rules of {@code realtime.topics} decide about the topics that they name.
 * <li>{@link TopicAccess} decides about all others. Where the application declares none,
 * {@code realtime.unknown-topics} does.
 * </ol>
 * Spring Security's message rules can name the destination of any topic, so they are
 * asked about each, and what they deny is denied whatever the other rules say. Safe for
 * any number of threads; see {@link TopicAccess} for which of them may call.
 */
public final class TopicAuthorization {

	private final TopicPolicies policies;

	private final Destinations destinations;

	private final AccessRules rules;

	private final TopicAccess access;

	private final Users users;

	private final UserGrants grants;

	private final SubscriptionGrants subscriptionGrants;

	private final boolean refusesUnknown;

	TopicAuthorization(TopicPolicies policies, Destinations destinations, AccessRules rules, TopicAccess access,
			Users users, UserGrants grants, SubscriptionGrants subscriptionGrants,
			RealtimeProperties.@Nullable UnknownTopics unknown) {
		this.users = users;
		this.grants = grants;
		this.subscriptionGrants = subscriptionGrants;
		this.policies = policies;
		this.destinations = destinations;
		this.rules = rules;
		this.access = access;
		this.refusesUnknown = (unknown != null) ? unknown == RealtimeProperties.UnknownTopics.REFUSE
				: rules.areDeclared() && access instanceof OpenTopicAccess;
	}

	/** Decides about a request that nothing else has decided about. */
	public AccessDecision decide(TopicRight right, @Nullable Principal user, Topic topic) {
		return decide(right, user, topic, null);
	}

	/**
	 * Decides about a request that nothing else has decided about.
	 * @param token what a subscription token grants besides, or null
	 */
	public AccessDecision decide(TopicRight right, @Nullable Principal user, Topic topic,
			@Nullable SubscriptionGrant token) {
		return decide(new Question(right, user, topic, Map.of(), false, token));
	}

	/**
	 * Decides about a frame. Spring Security's interceptor, where there is one, has
	 * applied the message rules to it already.
	 */
	public AccessDecision decideFrame(TopicRight right, @Nullable Principal user, Topic topic) {
		return decideFrame(right, user, topic, null);
	}

	/**
	 * Decides about a SUBSCRIBE in the same way.
	 * @param token what a subscription token grants besides, or null
	 */
	public AccessDecision decideFrame(TopicRight right, @Nullable Principal user, Topic topic,
			@Nullable SubscriptionGrant token) {
		return decide(new Question(right, user, topic, Map.of(), decidesFrames(), token));
	}

	/**
	 * Decides again about what a subscription brings. Message rules that cannot be asked
	 * have decided about its frame, and that stands. The application may say no by an
	 * exception that means it; any other one is thrown. Asked on threads of our own, with
	 * the user in Spring Security's context.
	 * @param attributes the session's
	 * @param token what a subscription token grants besides, or null
	 */
	public AccessDecision decideAgain(@Nullable Principal user, Topic topic, Map<String, Object> attributes,
			@Nullable SubscriptionGrant token) {
		boolean decided = this.access instanceof OpenTopicAccess && decidesFrames();
		try {
			return this.users.as(user,
					() -> decide(new Question(TopicRight.READ, user, topic, attributes, decided, token)));
		}
		catch (RuntimeException ex) {
			if (ex instanceof RefusedException || this.users.isDenial(ex)) {
				return AccessDecision.denied(TopicRight.READ, topic);
			}
			throw ex;
		}
	}

	/**
	 * Reads the token of a SUBSCRIBE.
	 * @return null if there is none, or this application has no such tokens
	 * @throws RefusedException if it is not valid, has expired, or is for another user
	 */
	public @Nullable SubscriptionGrant subscriptionGrant(@Nullable String token, @Nullable Principal user) {
		return (token != null) ? this.subscriptionGrants.of(token, user) : null;
	}

	/**
	 * Returns what the user's token grants, for those who keep it.
	 * @return null if there is no token, or it says nothing about topics
	 * @throws RefusedException if its claims are malformed
	 */
	public @Nullable TokenGrants grants(@Nullable Principal user) {
		return this.grants.of(user);
	}

	/** Whether nothing but the rules of {@code realtime.topics} closes a topic. */
	boolean isOpen() {
		return this.access instanceof OpenTopicAccess;
	}

	/** Whether topics that no rule of {@code realtime.topics} names are closed. */
	boolean refusesUnknown() {
		return this.refusesUnknown;
	}

	private boolean decidesFrames() {
		return this.access instanceof DestinationTopicAccess byDestination && byDestination.decidesFrames();
	}

	private AccessDecision decide(Question asked) {
		if (!this.destinations.isReachable(asked.topic)) {
			return asked.answer(false);
		}
		Topic base = PresenceTopics.base(asked.topic);
		if (base != null) {
			return asked.answer(asked.right == TopicRight.READ && seesEvents(asked, base));
		}
		if (this.destinations.isPersonal(asked.topic)) {
			return asked.answer(asked.right == TopicRight.READ && isOwn(asked) && rulesOfDestinations(asked));
		}
		return decideAbout(asked);
	}

	private boolean isOwn(Question asked) {
		return asked.user != null && this.destinations.isPersonal(asked.topic, asked.user.getName());
	}

	/** A rule about the destination of joins and leaves is a rule of its own. */
	private boolean seesEvents(Question asked, Topic base) {
		return !base.isReserved() && this.policies.of(base).presence()
				&& decideAbout(new Question(TopicRight.MEMBERS, asked.user, base, asked.attributes, false, null))
					.granted()
				&& rulesOfDestinations(asked);
	}

	private AccessDecision decideAbout(Question asked) {
		if (!rulesOfDestinations(asked)) {
			return asked.answer(false);
		}
		if (asked.isGrantedByToken()) {
			return asked.answer(!this.rules.close(asked.right, asked.topic));
		}
		try {
			TokenGrants granted = this.grants.of(asked.user);
			if (granted != null) {
				return asked
					.answer(granted.grants(asked.right, asked.topic) && !this.rules.close(asked.right, asked.topic));
			}
		}
		catch (InvalidGrantsException ex) {
			return new AccessDecision(false, ex.word(), ex.sentence());
		}
		Boolean permitted = this.rules.permit(asked.right, asked.user, asked.topic);
		if (permitted != null) {
			return asked.answer(permitted);
		}
		if (this.refusesUnknown) {
			return AccessDecision.unknown(asked.topic);
		}
		return asked.answer(this.access instanceof DestinationTopicAccess || asks(asked));
	}

	/** Whether the rules about destinations, if there are such, grant it. */
	private boolean rulesOfDestinations(Question asked) {
		return asked.decided || !(this.access instanceof DestinationTopicAccess) || asks(asked);
	}

	private boolean asks(Question asked) {
		return switch (asked.right) {
			case READ -> (this.access instanceof DestinationTopicAccess byDestination)
					? byDestination.mayRead(asked.user, asked.topic, asked.attributes)
					: this.access.mayRead(asked.user, asked.topic);
			case PUBLISH -> this.access.mayPublish(asked.user, asked.topic);
			case MEMBERS -> this.access.maySeeMembers(asked.user, asked.topic);
		};
	}

	/**
	 * What is to be decided.
	 *
	 * @param attributes of the session, as far as they are known
	 * @param decided whether the message rules have decided already
	 * @param token what a subscription token grants, or null
	 */
	private record Question(TopicRight right, @Nullable Principal user, Topic topic, Map<String, Object> attributes,
			boolean decided, @Nullable SubscriptionGrant token) {

		/** Whether a subscription token grants it. */
		boolean isGrantedByToken() {
			return this.token != null && this.token.grants(this.right, this.topic);
		}

		AccessDecision answer(boolean granted) {
			return granted ? AccessDecision.GRANTED : AccessDecision.denied(this.right, this.topic);
		}

	}

}
