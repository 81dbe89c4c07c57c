package dev.realtime.spring.users;

import java.security.Principal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.user.DestinationUserNameProvider;
import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpSubscriptionMatcher;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/**
 * The users of all nodes: those of this node as its own registry knows them, and those of
 * the others as they have told. A user who is connected to several nodes is one user,
 * with the sessions of all of them.
 */
final class FleetUserRegistry implements SimpUserRegistry, SmartApplicationListener {

	private final SimpUserRegistry local;

	private final RemoteRosters remote;

	private final LocalRoster roster;

	FleetUserRegistry(SimpUserRegistry local, RemoteRosters remote, LocalRoster roster) {
		this.local = local;
		this.remote = remote;
		this.roster = roster;
	}

	@Override
	public @Nullable SimpUser getUser(String userName) {
		return this.remote.hasUser(userName) ? new FleetUser(userName, this) : this.local.getUser(userName);
	}

	@Override
	public Set<SimpUser> getUsers() {
		Set<SimpUser> users = new HashSet<>();
		this.remote.users().forEach((name) -> users.add(new FleetUser(name, this)));
		users.addAll(this.local.getUsers());
		return users;
	}

	@Override
	public int getUserCount() {
		int count = this.local.getUserCount();
		for (String name : this.remote.users()) {
			if (this.local.getUser(name) == null) {
				count++;
			}
		}
		return count;
	}

	@Override
	public Set<SimpSubscription> findSubscriptions(SimpSubscriptionMatcher matcher) {
		Set<SimpSubscription> found = new HashSet<>(this.local.findSubscriptions(matcher));
		for (String name : this.remote.users()) {
			for (UserSession session : this.remote.sessions(name)) {
				for (SimpSubscription subscription : remote(session).getSubscriptions()) {
					if (matcher.match(subscription)) {
						found.add(subscription);
					}
				}
			}
		}
		return found;
	}

	/** The user as this node's own registry knows it. */
	@Nullable SimpUser localUser(String name) {
		return this.local.getUser(name);
	}

	/** The user's sessions on all nodes, by id. */
	Map<String, SimpSession> sessions(String user) {
		Map<String, SimpSession> sessions = new HashMap<>();
		this.remote.sessions(user).forEach((session) -> sessions.put(session.id(), remote(session)));
		SimpUser here = this.local.getUser(user);
		if (here != null) {
			here.getSessions().forEach((session) -> sessions.put(session.getId(), session));
		}
		return sessions;
	}

	private RemoteSession remote(UserSession session) {
		return new RemoteSession(session, new FleetUser(session.user(), this));
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return AbstractSubProtocolEvent.class.isAssignableFrom(eventType) || isListenedTo(eventType);
	}

	@Override
	public boolean supportsSourceType(@Nullable Class<?> sourceType) {
		return true;
	}

	@Override
	public int getOrder() {
		return (this.local instanceof Ordered ordered) ? ordered.getOrder() : Ordered.LOWEST_PRECEDENCE;
	}

	/** What has changed is read after this node's own registry has seen the event. */
	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		try {
			if (this.local instanceof SmartApplicationListener listener && isListenedTo(event.getClass())
					&& listener.supportsSourceType(event.getSource().getClass())) {
				listener.onApplicationEvent(event);
			}
		}
		finally {
			if (event instanceof AbstractSubProtocolEvent session) {
				note(session);
			}
		}
	}

	private boolean isListenedTo(Class<? extends ApplicationEvent> eventType) {
		return this.local instanceof SmartApplicationListener listener && listener.supportsEventType(eventType);
	}

	private void note(AbstractSubProtocolEvent event) {
		String session = SimpMessageHeaderAccessor.getSessionId(event.getMessage().getHeaders());
		Principal user = event.getUser();
		if (session == null || (user == null && !(event instanceof SessionDisconnectEvent))) {
			return;
		}
		this.roster.changed(session, (user != null) ? name(user) : "");
	}

	private static String name(Principal user) {
		return (user instanceof DestinationUserNameProvider named) ? named.getDestinationUserName() : user.getName();
	}

	@Override
	public String toString() {
		return "local=[" + this.local + "], sessions on other nodes=" + this.remote.sessionCount();
	}

}
