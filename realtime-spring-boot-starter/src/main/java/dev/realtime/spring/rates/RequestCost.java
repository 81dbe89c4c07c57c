package dev.realtime.spring.rates;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a request costs that becomes a session of its own: a stream, a poll or a POST. Its
 * address pays when it comes and its user with the session's CONNECT, so that the request
 * is refused as a whole, and the session's frames cost nothing.
 *
 * @param send whether it is a POST of a message
 * @param topics how many topics and destinations it subscribes to
 * @param replays how many messages it asks for
 */
public record RequestCost(boolean send, int topics, long replays) {

	private static final String ATTRIBUTE = "dev.realtime.request-cost";

	/** Notes the cost among the attributes of the session that the request becomes. */
	public void note(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

	/** Returns the cost of a session's request, or null where there is none. */
	public static @Nullable RequestCost of(Map<String, Object> attributes) {
		return (RequestCost) attributes.get(ATTRIBUTE);
	}

}
