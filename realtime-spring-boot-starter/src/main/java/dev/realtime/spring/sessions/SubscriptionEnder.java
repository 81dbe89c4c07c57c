package dev.realtime.spring.sessions;

import java.security.Principal;
import java.util.Map;

import dev.realtime.hub.Connection;
import org.jspecify.annotations.Nullable;

/** Ends subscriptions on behalf of the server. Not for applications. */
@FunctionalInterface
public interface SubscriptionEnder {

	/**
	 * Ends a subscription and tells the client. Any thread; must not block.
	 * @param attributes the session's
	 */
	void end(Connection connection, Map<String, Object> attributes, @Nullable Principal user, String subscriptionId);

}
