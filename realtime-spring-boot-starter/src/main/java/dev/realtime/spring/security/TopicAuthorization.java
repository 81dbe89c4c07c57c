package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RealtimeProperties;
import org.jspecify.annotations.Nullable;

/**
 * The one decision about what clients may do on topics, for every entry point. In this
 * order:
 * <ol>
 * <li>A user's own topics are for that user alone, to read.
 * <li>The joins and leaves of a topic are for those who may see its members.
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

	private final boolean refusesUnknown;

	TopicAuthorization(TopicPolicies policies, Destinations destinations, AccessRules rules, TopicAccess access,
			RealtimeProperties.@Nullable UnknownTopics unknown) {
		this.policies = policies;
		this.destinations = destinations;
		this.rules = rules;
		this.access = access;
		this.refusesUnknown = (unknown != null) ? unknown == RealtimeProperties.UnknownTopics.REFUSE
				: rules.areDeclared() && access instanceof OpenTopicAccess;
	}

	/** Decides about a request that nothing else has decided about. */
	public AccessDecision decide(TopicRight right, @Nullable Principal user, Topic topic) {
		return decide(right, user, topic, false);
	}

	/**
	 * Decides about a frame. Spring Security's interceptor, where there is one, has
	 * applied the message rules to it already.
	 */
	public AccessDecision decideFrame(TopicRight right, @Nullable Principal user, Topic topic) {
		return decide(right, user, topic,
				this.access instanceof DestinationTopicAccess byDestination && byDestination.decidesFrames());
	}

	/** Whether nothing but the rules of {@code realtime.topics} closes a topic. */
	boolean isOpen() {
		return this.access instanceof OpenTopicAccess;
	}

	/** Whether topics that no rule of {@code realtime.topics} names are closed. */
	boolean refusesUnknown() {
		return this.refusesUnknown;
	}

	private AccessDecision decide(TopicRight right, @Nullable Principal user, Topic topic, boolean decided) {
		if (!this.destinations.isReachable(topic)) {
			return AccessDecision.denied(right, topic);
		}
		Topic base = PresenceTopics.base(topic);
		if (base != null) {
			return decision(right == TopicRight.READ && seesEvents(user, topic, base, decided), right, topic);
		}
		if (this.destinations.isPersonal(topic)) {
			return decision(
					right == TopicRight.READ && user != null && this.destinations.isPersonal(topic, user.getName())
							&& (decided || rulesOfDestinations(TopicRight.READ, user, topic)),
					right, topic);
		}
		return decideAbout(right, user, topic, decided);
	}

	/** A rule about the destination of joins and leaves is a rule of its own. */
	private boolean seesEvents(@Nullable Principal user, Topic topic, Topic base, boolean decided) {
		return !base.isReserved() && this.policies.of(base).presence()
				&& decideAbout(TopicRight.MEMBERS, user, base, false).granted()
				&& (decided || rulesOfDestinations(TopicRight.READ, user, topic));
	}

	private AccessDecision decideAbout(TopicRight right, @Nullable Principal user, Topic topic, boolean decided) {
		if (!decided && !rulesOfDestinations(right, user, topic)) {
			return AccessDecision.denied(right, topic);
		}
		Boolean permitted = this.rules.permit(right, user, topic);
		if (permitted != null) {
			return decision(permitted, right, topic);
		}
		if (this.refusesUnknown) {
			return AccessDecision.unknown(topic);
		}
		return decision(this.access instanceof DestinationTopicAccess || asks(right, user, topic), right, topic);
	}

	/** Whether the rules about destinations, if there are such, grant it. */
	private boolean rulesOfDestinations(TopicRight right, @Nullable Principal user, Topic topic) {
		return !(this.access instanceof DestinationTopicAccess) || asks(right, user, topic);
	}

	private boolean asks(TopicRight right, @Nullable Principal user, Topic topic) {
		return switch (right) {
			case READ -> this.access.mayRead(user, topic);
			case PUBLISH -> this.access.mayPublish(user, topic);
			case MEMBERS -> this.access.maySeeMembers(user, topic);
		};
	}

	private static AccessDecision decision(boolean granted, TopicRight right, Topic topic) {
		return granted ? AccessDecision.GRANTED : AccessDecision.denied(right, topic);
	}

}
