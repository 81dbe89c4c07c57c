package dev.realtime.spring.sessions;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;

/**
 * Decides at every entry point whether a user may come in. Not for applications. Safe for
 * any number of threads; does not block, apart from authenticators.
 */
public final class SessionDoor {

	/** The session attribute with what names the HTTP session for as long as it lives. */
	public static final String HTTP_SESSION = "dev.realtime.http-session";

	/** The session attribute with the id that the HTTP session had at the handshake. */
	public static final String HTTP_SESSION_ID = "dev.realtime.http-session-id";

	private final KnownRestrictions known;

	private final LocalSessions sessions;

	private final BooleanSupplier stale;

	private final Supplier<List<ConnectAuthenticator>> authenticators;

	private final Consumer<String> rechecks;

	/**
	 * Makes a door.
	 * @param stale whether this node does not know any more who is blocked
	 * @param authenticators know users' tokens; asked once, at the first user
	 * @param rechecks decides again, some time, about what the sessions of a user are
	 * subscribed to
	 */
	SessionDoor(KnownRestrictions known, LocalSessions sessions, BooleanSupplier stale,
			Supplier<List<ConnectAuthenticator>> authenticators, Consumer<String> rechecks) {
		this.rechecks = rechecks;
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
		Refusal refusal = (user != null) ? refusal(user, token) : null;
		return (refusal == null && this.sessions.hasEnded(attributes)) ? Refusal.ENDED : refusal;
	}

	/**
	 * The credentials of a session were renewed. From now on commands about tokens
	 * concern the new one and not the one before.
	 * @param user the same user as before, as the new credentials say
	 * @return why the new credentials must be refused, or null; then nothing has changed
	 */
	public @Nullable Refusal renew(Connection connection, Principal user) {
		ConnectToken token = token(user);
		Refusal refusal = refusal(user, token);
		if (refusal == null && this.sessions.renew(connection, user, token)) {
			// A command that came in between has seen the session with the old token.
			Refusal meanwhile = this.known.refusal(user.getName(), token);
			if (meanwhile != null) {
				this.sessions.close(connection, meanwhile.later());
			}
		}
		return refusal;
	}

	/**
	 * The rights of a user may have changed; sessions of other nodes are not concerned.
	 */
	public void decideAgain(String user) {
		this.rechecks.accept(user);
	}

	/** Returns why the user of a request must be refused, or null. */
	public @Nullable Refusal refusal(@Nullable Principal user) {
		if (user == null) {
			return null;
		}
		Refusal refusal = refusal(user, token(user));
		return (refusal == null && hasExpired(user)) ? Refusal.EXPIRED : refusal;
	}

	/**
	 * Whether this node could not read for too long who is blocked. Known users are then
	 * refused.
	 */
	public boolean isStale() {
		return this.stale.getAsBoolean();
	}

	/** Returns a session of this node by its id; null if there is none. */
	public @Nullable SessionInfo session(String id, String node) {
		LocalSession session = this.sessions.find(id);
		return (session == null) ? null
				: new SessionInfo(id, node, session.user(), session.address(), session.connectedAt());
	}

	/** How many restrictions this node knows. */
	public int restrictions() {
		return this.known.size();
	}

	/**
	 * An HTTP session has ended: what it has started is closed, and what it is just
	 * starting is refused.
	 * @param mark names the session, see {@link #HTTP_SESSION}
	 */
	public void httpSessionEnded(String mark) {
		this.sessions.httpSessions().end(mark, Refusal.ENDED.later());
	}

	/** The id of an HTTP session has changed. */
	public void httpSessionIdChanged(String mark, String id) {
		this.sessions.httpSessions().rename(mark, id);
	}

	/**
	 * Returns the HTTP sessions that have started connections of users on this node:
	 * their ids by what names them.
	 */
	public Map<String, String> httpSessions() {
		return this.sessions.httpSessions().ofUsers();
	}

	/** Returns the name of a session's user, if its CONNECT was authenticated. */
	public @Nullable String user(String sessionId) {
		LocalSession session = this.sessions.find(sessionId);
		return (session != null) ? session.user() : null;
	}

	/** What ends subscriptions. */
	public void endWith(SubscriptionEnder ender) {
		this.sessions.endWith(ender);
	}

	private @Nullable Refusal refusal(Principal user, @Nullable ConnectToken token) {
		Refusal refusal = this.known.refusal(user.getName(), token);
		return (refusal == null && isStale()) ? Refusal.UNKNOWN : refusal;
	}

	/** For requests over HTTP; a CONNECT is refused before it comes here. */
	private boolean hasExpired(Principal user) {
		for (ConnectAuthenticator each : this.authenticators.get()) {
			Instant end = each.expiresAt(user);
			if (end != null) {
				return !end.isAfter(Instant.now());
			}
		}
		return false;
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
