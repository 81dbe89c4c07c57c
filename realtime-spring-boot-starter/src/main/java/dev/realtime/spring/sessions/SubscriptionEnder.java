package dev.realtime.spring.sessions;

import java.security.Principal;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.SubscriptionGrant;
import org.jspecify.annotations.Nullable;

/** Ends subscriptions on behalf of the server. Not for applications. */
public interface SubscriptionEnder {

	/**
	 * Ends a subscription and tells the client. Any thread; must not block.
	 * @param attributes the session's
	 */
	void end(Connection connection, Map<String, Object> attributes, @Nullable Principal user, String subscriptionId);

	/**
	 * Decides again about what a session's subscriptions bring, one topic after the
	 * other. What is denied ends, and the client is told.
	 * @param attributes the session's
	 * @param among which topics are decided about
	 * @param decisions gets a topic, and what a token has granted to the subscription;
	 * must not throw; may block
	 * @return how many ended
	 */
	int recheck(Connection connection, Map<String, Object> attributes, @Nullable Principal user, Predicate<Topic> among,
			BiFunction<Topic, @Nullable SubscriptionGrant, AccessDecision> decisions);

}
