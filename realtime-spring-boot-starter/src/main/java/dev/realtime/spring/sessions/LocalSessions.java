package dev.realtime.spring.sessions;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.realtime.IllegalTopicException;
import dev.realtime.TopicPattern;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

/** The sessions of this node, until their sockets are closed. Safe for any thread. */
final class LocalSessions {

	private final Map<String, LocalSession> byId = new ConcurrentHashMap<>();

	private final LongAdder closed = new LongAdder();

	private final HttpSessions httpSessions = new HttpSessions(this.closed::increment);

	private volatile @Nullable SubscriptionEnder ender;

	void add(LocalSession session) {
		String id = session.connection().id();
		this.byId.put(id, session);
		this.httpSessions.add(session);
		session.connection().whenClosed(() -> {
			this.byId.remove(id, session);
			this.httpSessions.remove(session);
		});
	}

	@Nullable LocalSession find(String id) {
		return this.byId.get(id);
	}

	/**
	 * A session has other credentials of the same user.
	 * @return whether it is still there
	 */
	boolean renew(Connection connection, Principal user, @Nullable ConnectToken token) {
		return this.byId.computeIfPresent(connection.id(), (id, session) -> session.with(user, token)) != null;
	}

	/** Closes one. */
	void close(Connection connection, CloseReason reason) {
		this.closed.increment();
		connection.close(reason);
	}

	HttpSessions httpSessions() {
		return this.httpSessions;
	}

	/** Whether the HTTP session of a connection that is being made has ended. */
	boolean hasEnded(Map<String, Object> attributes) {
		return attributes.get(SessionDoor.HTTP_SESSION) instanceof String mark && this.httpSessions.hasEnded(mark);
	}

	void endWith(SubscriptionEnder ender) {
		this.ender = ender;
	}

	/** What ends subscriptions; null where there is no STOMP endpoint. */
	@Nullable SubscriptionEnder ender() {
		return this.ender;
	}

	/** A live view. */
	Collection<LocalSession> all() {
		return this.byId.values();
	}

	/** Closes those for which the function has a reason. */
	void close(Function<LocalSession, @Nullable CloseReason> reasons) {
		for (LocalSession session : this.byId.values()) {
			CloseReason reason = reasons.apply(session);
			if (reason != null && !session.connection().isGone()) {
				this.closed.increment();
				session.connection().close(reason);
			}
		}
	}

	/** Ends the subscriptions of the user to the topics, and to their presence. */
	void unsubscribe(String user, TopicPattern pattern) {
		SubscriptionEnder known = this.ender;
		if (known == null) {
			return;
		}
		for (LocalSession session : this.byId.values()) {
			if (session.isOf(user)) {
				subscriptions(session, pattern)
					.forEach((id) -> known.end(session.connection(), session.attributes(), session.principal(), id));
			}
		}
	}

	/** Returns those that match, at most so many. */
	List<LocalSession> find(Predicate<LocalSession> wanted, int most) {
		List<LocalSession> found = new ArrayList<>();
		for (LocalSession session : this.byId.values()) {
			if (found.size() >= most) {
				break;
			}
			if (!session.connection().isGone() && wanted.test(session)) {
				found.add(session);
			}
		}
		return found;
	}

	/** Returns those of the users who have a session here; passes over all sessions. */
	Set<String> usersAmong(Set<String> users) {
		Set<String> found = new HashSet<>();
		for (LocalSession session : this.byId.values()) {
			String user = session.user();
			if (user != null && users.contains(user) && !session.connection().isGone()) {
				found.add(user);
			}
		}
		return found;
	}

	static List<String> subscriptions(LocalSession session, TopicPattern pattern) {
		List<String> ids = new ArrayList<>(session.connection().subscriptionsTo(pattern));
		TopicPattern presence = presence(pattern);
		if (presence != null) {
			session.connection().subscriptionsTo(presence).stream().filter((id) -> !ids.contains(id)).forEach(ids::add);
		}
		return ids;
	}

	/** The joins and leaves of the pattern's topics; null if it is too long for those. */
	private static @Nullable TopicPattern presence(TopicPattern pattern) {
		try {
			return new TopicPattern(PresenceTopics.PREFIX + pattern.text());
		}
		catch (IllegalTopicException ex) {
			return null;
		}
	}

	/** How many were closed. */
	long closed() {
		return this.closed.sum();
	}

}
