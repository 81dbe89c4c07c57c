package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may read a topic over HTTP, its messages and its members, and by a
 * subscription with a wildcard. Declare a bean of your own where subscriptions are
 * authorized by something else than Spring Security's message authorization, such as a
 * {@code ChannelInterceptor}, so that both doors have the same lock. Asked on request
 * threads and, for wildcards, on threads of the starter that are made for application
 * code.
 */
@FunctionalInterface
public interface TopicAccess {

	/**
	 * Whether the user may read.
	 * @param user who asks; null when nobody is logged in
	 * @param topic for {@code _presence.room.42} this is asked about {@code room.42}, and
	 * about {@code _user.ann.queue.x} only when the user is ann; {@code Destinations}
	 * tells the STOMP destination of each topic
	 */
	boolean mayRead(@Nullable Principal user, Topic topic);

}
