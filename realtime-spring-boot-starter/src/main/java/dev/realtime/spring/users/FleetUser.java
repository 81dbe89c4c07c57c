package dev.realtime.spring.users;

import java.security.Principal;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpUser;

/**
 * A user with sessions on other nodes, and perhaps on this one. The principal is known
 * only where the user is connected to this node, too.
 */
final class FleetUser implements SimpUser {

	private final String name;

	private final FleetUserRegistry registry;

	FleetUser(String name, FleetUserRegistry registry) {
		this.name = name;
		this.registry = registry;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public @Nullable Principal getPrincipal() {
		SimpUser here = this.registry.localUser(this.name);
		return (here != null) ? here.getPrincipal() : null;
	}

	@Override
	public boolean hasSessions() {
		return !this.registry.sessions(this.name).isEmpty();
	}

	@Override
	public @Nullable SimpSession getSession(String sessionId) {
		return this.registry.sessions(this.name).get(sessionId);
	}

	@Override
	public Set<SimpSession> getSessions() {
		return new HashSet<>(this.registry.sessions(this.name).values());
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof SimpUser user && this.name.equals(user.getName()));
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	@Override
	public String toString() {
		return "name=" + this.name + ", sessions=" + getSessions();
	}

}
