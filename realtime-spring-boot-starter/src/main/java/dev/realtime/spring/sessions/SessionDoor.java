package dev.realtime.spring.sessions;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.realtime.hub.Connection;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Decides at every entry point whether a user may come in. Not for applications. Safe for
 * any number of threads; does not block, apart from authenticators.
 */
public final class SessionDoor {

	private final KnownRestrictions known;

	private final LocalSessions sessions;

	private final BooleanSupplier stale;

	private final Supplier<List<ConnectAuthenticator>> authenticators;

	/**
	 * Makes a door.
	 * @param stale whether this node does not know any more who is blocked
	 * @param authenticators know users' tokens; asked once, at the first user
	 */
	SessionDoor(KnownRestrictions known, LocalSessions sessions, BooleanSupplier stale,
			Supplier<List<ConnectAuthenticator>> authenticators) {
		this.known = known;
		this.sessions = sessions;
		this.stale = stale;
		this.authenticators = SingletonSupplier.of(authenticators);
	}

	/**
	 * A CONNECT was authenticated. The session is known from now on, so that a command
	 * that comes later finds it, whatever the answer is.
	 * @param attributes the session's
	 * @return why it must be refused, or null
	 */
	public @Nullable Refusal enter(Connection connection, @Nullable Principal user, Map<String, Object> attributes) {
		ConnectToken token = (user != null) ? token(user) : null;
		this.sessions.add(new LocalSession(connection, user, token, System.nanoTime(), Instant.now(), attributes));
		return (user != null) ? refusal(user, token) : null;
	}

	/** Returns why the user of a request must be refused, or null. */
	public @Nullable Refusal refusal(@Nullable Principal user) {
		return (user != null) ? refusal(user, token(user)) : null;
	}

	/**
	 * Whether this node could not read for too long who is blocked. Known users are then
	 * refused.
	 */
	public boolean isStale() {
		return this.stale.getAsBoolean();
	}

	/** How many restrictions this node knows. */
	public int restrictions() {
		return this.known.size();
	}

	/** What ends subscriptions. */
	public void endWith(SubscriptionEnder ender) {
		this.sessions.endWith(ender);
	}

	private @Nullable Refusal refusal(Principal user, @Nullable ConnectToken token) {
		Refusal refusal = this.known.refusal(user.getName(), token);
		return (refusal == null && isStale()) ? Refusal.UNKNOWN : refusal;
	}

	private @Nullable ConnectToken token(Principal user) {
		for (ConnectAuthenticator each : this.authenticators.get()) {
			ConnectToken token = each.token(user);
			if (token != null) {
				return token;
			}
		}
		return null;
	}

}
