package dev.realtime.spring.security;

import java.security.Principal;
import java.util.Map;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the destination that a client would use, as Spring Security's message rules
 * do. Such rules can name any destination, those of users and of joins and leaves too.
 */
interface DestinationTopicAccess extends TopicAccess {

	/**
	 * Whether the user may subscribe to the topic in a session.
	 * @param attributes the session's, as far as they are known
	 */
	default boolean mayRead(@Nullable Principal user, Topic topic, Map<String, Object> attributes) {
		return mayRead(user, topic);
	}

	/** Whether an interceptor has asked the same rules about every client's frame. */
	boolean decidesFrames();

}
