package dev.realtime.spring.users;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpSubscriptionMatcher;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;

/** The users of one node, as a test says. */
final class FakeUsers implements SimpUserRegistry {

	private final Map<String, UserSession> sessions = new ConcurrentHashMap<>();

	private final RemoteRosters view = new RemoteRosters(1, 1, new RosterCuts(Environment.system()));

	void begin(UserSession session) {
		this.sessions.put(session.id(), session);
	}

	void end(String id) {
		this.sessions.remove(id);
	}

	Collection<UserSession> sessions() {
		return this.sessions.values();
	}

	@Override
	public @Nullable SimpUser getUser(String userName) {
		return sessionsOf(userName).isEmpty() ? null : new User(userName);
	}

	@Override
	public Set<SimpUser> getUsers() {
		Set<SimpUser> users = new HashSet<>();
		this.sessions.values().forEach((session) -> users.add(new User(session.user())));
		return users;
	}

	@Override
	public int getUserCount() {
		return getUsers().size();
	}

	@Override
	public Set<SimpSubscription> findSubscriptions(SimpSubscriptionMatcher matcher) {
		return Set.of();
	}

	private List<UserSession> sessionsOf(String user) {
		return this.sessions.values().stream().filter((session) -> session.user().equals(user)).toList();
	}

	private SimpSession session(UserSession session) {
		return new RemoteSession(session, new FleetUser(session.user(),
				new FleetUserRegistry(this, this.view, new LocalRoster(this, new RosterCuts(Environment.system())))));
	}

	private final class User implements SimpUser {

		private final String name;

		private User(String name) {
			this.name = name;
		}

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public java.security.@Nullable Principal getPrincipal() {
			return () -> this.name;
		}

		@Override
		public boolean hasSessions() {
			return true;
		}

		@Override
		public @Nullable SimpSession getSession(String sessionId) {
			UserSession session = FakeUsers.this.sessions.get(sessionId);
			return (session != null && session.user().equals(this.name)) ? session(session) : null;
		}

		@Override
		public Set<SimpSession> getSessions() {
			Set<SimpSession> all = new HashSet<>();
			sessionsOf(this.name).forEach((session) -> all.add(session(session)));
			return all;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof SimpUser user && user.getName().equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

}
