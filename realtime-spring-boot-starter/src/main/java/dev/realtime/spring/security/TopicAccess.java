package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Decides which clients may do what on the topics that no rule of
 * {@code realtime.topics.<name>.read}, {@code .publish} and {@code .members} names.
 * Declare a bean where such rules are not enough. The one decision counts for every entry
 * point: STOMP, streams and polls, and reading over HTTP; see {@link TopicAuthorization}.
 * <p>
 * Asked on request threads, on the threads that handle clients' frames and, for
 * subscriptions with a wildcard, on threads that are made for application code; never on
 * an event loop. It may block, and what it blocks is that one client. An exception
 * denies: the client gets a general sentence with a reference to the log.
 * <p>
 * Asked again about each open subscription every {@code realtime.security.recheck}, and
 * when the application calls {@code RealtimeSessions.recheckUser} or one of its kind:
 * what is denied then ends. There an exception, other than Spring Security's
 * {@code AccessDeniedException} and {@code RefusedException}, keeps the subscription.
 */
@FunctionalInterface
public interface TopicAccess {

	/**
	 * Whether the user may subscribe to the topic and read what is kept of it.
	 * @param user who asks; null when the user is not known
	 * @param topic never one of a user's own topics, which are for that user alone; for
	 * {@code _presence.room.42} this is asked about {@code room.42}
	 */
	boolean mayRead(@Nullable Principal user, Topic topic);

	/**
	 * Whether the user may send straight to the topic, if its policy lets clients do so.
	 * By default this is granted to those who may read.
	 */
	default boolean mayPublish(@Nullable Principal user, Topic topic) {
		return mayRead(user, topic);
	}

	/**
	 * Whether the user may see who is on the topic. By default this is granted to those
	 * who may read.
	 */
	default boolean maySeeMembers(@Nullable Principal user, Topic topic) {
		return mayRead(user, topic);
	}

}
