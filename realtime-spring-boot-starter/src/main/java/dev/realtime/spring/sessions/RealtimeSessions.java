package dev.realtime.spring.sessions;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.spring.SessionsProperties;

/**
 * Finds the sessions of all nodes, and ends or prevents them. A session is a WebSocket, a
 * stream over HTTP or a poll. Safe for any number of threads; nothing blocks.
 * <p>
 * A command is stored in Redis before it takes effect. Its stage completes when it is
 * stored, has taken effect on this node and is on its way to the others, which it reaches
 * within a second; nodes that were cut off or start later find it in Redis. With
 * {@code realtime.broker=memory} there is one node, and commands end with it. A stage
 * fails with {@link SessionsUnavailableException} when Redis does not answer, and with
 * {@code TooManyRestrictionsException} when {@code realtime.sessions.max-restrictions} is
 * reached. Stages complete on a thread of the engine's that must not be blocked.
 * <p>
 * A user is who {@code Principal.getName()} says. Names, ids, reasons and patterns have 1
 * to 255 characters; {@code IllegalArgumentException} is thrown otherwise.
 */
public final class RealtimeSessions {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofDays(3_650);

	private static final int MAX_REASON_BYTES = 123;

	private final FleetSessions fleet;

	private final Rechecks rechecks;

	private final SessionsProperties properties;

	RealtimeSessions(FleetSessions fleet, Rechecks rechecks, SessionsProperties properties) {
		this.fleet = fleet;
		this.rechecks = rechecks;
		this.properties = properties;
	}

	/**
	 * Closes all connections of a user with 4501 and the reason. The user may connect
	 * again, but clients that know the code do not by themselves.
	 * @param reason a word or sentence for the client, at most 123 bytes
	 */
	public CompletionStage<Void> disconnectUser(String user, String reason) {
		return put(new Restriction(Kind.USER_CLOSED, user, checked(reason)), Enforcement.COMMAND_TIME);
	}

	/**
	 * Closes one connection with 4501 and the reason, on whichever node it is.
	 * @param sessionId see {@link SessionInfo#id()}; an unknown one is no error
	 * @param reason a word or sentence for the client, at most 123 bytes
	 */
	public CompletionStage<Void> disconnectSession(String sessionId, String reason) {
		return put(new Restriction(Kind.SESSION_CLOSED, sessionId, checked(reason)), Enforcement.COMMAND_TIME);
	}

	/**
	 * Ends the user's subscriptions to these topics and to their presence. Each client
	 * gets {@code denied} with the reason {@code revoked}; one that asked for no control
	 * events is closed with 1008. A subscription with a wildcard ends if a topic of the
	 * pattern might be among its own. The user may subscribe again: what users may read
	 * is decided elsewhere, see {@link #recheckUser}.
	 * @param topicPattern a topic or a pattern, such as {@code room.*}
	 */
	public CompletionStage<Void> unsubscribe(String user, String topicPattern) {
		return put(new Restriction(Kind.UNSUBSCRIBED, user, SessionQuery.pattern(topicPattern).text()),
				Enforcement.COMMAND_TIME);
	}

	/**
	 * Decides again about the rights of a user's open subscriptions, on all nodes, rather
	 * than within {@code realtime.security.recheck}. What is denied ends: the client gets
	 * {@code denied} with the reason {@code revoked}, as described at
	 * {@link #unsubscribe}; of a subscription with a wildcard only the topics end that
	 * are denied. To be called when what decides has changed, such as a row that
	 * {@code TopicAccess} reads, and its change is committed.
	 * <p>
	 * Nothing is stored: a node that is cut off from Redis decides about all its
	 * subscriptions when it is back. Completes when the other nodes are told; fails with
	 * {@link SessionsUnavailableException} if they could not be, and then this node has
	 * been told all the same.
	 */
	public CompletionStage<Void> recheckUser(String user) {
		return this.rechecks.request(new Recheck(named(user), null));
	}

	/**
	 * Does the same with the subscriptions of all users to these topics and to their
	 * presence.
	 * @param topicPattern a topic or a pattern, such as {@code room.*}
	 */
	public CompletionStage<Void> recheckTopics(String topicPattern) {
		return this.rechecks.request(new Recheck(null, SessionQuery.pattern(topicPattern)));
	}

	/** Does the same with all subscriptions. */
	public CompletionStage<Void> recheckAll() {
		return this.rechecks.request(Recheck.ALL);
	}

	/**
	 * Closes the user's connections with 1008 {@code blocked}, and refuses the user at
	 * every entry point until the time is over. A later call sets another time.
	 * @param duration 1 second to 3650 days
	 */
	public CompletionStage<Void> block(String user, Duration duration) {
		if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("A user is blocked for 1 second to 3650 days, not for " + duration);
		}
		return put(new Restriction(Kind.BLOCKED, user, ""), duration);
	}

	/**
	 * Lets a blocked user in again.
	 * @return whether the user was blocked
	 */
	public CompletionStage<Boolean> unblock(String user) {
		return this.fleet.remove(new Restriction(Kind.BLOCKED, user, ""));
	}

	/**
	 * Refuses a token for {@code realtime.sessions.revocation-time}, and closes the
	 * connections that it has opened with 4003 {@code credentials revoked}.
	 * @param tokenId the {@code jti} of a JWT, or what the application's
	 * {@code ConnectAuthenticator} calls a token
	 */
	public CompletionStage<Void> revokeToken(String tokenId) {
		return put(new Restriction(Kind.TOKEN, tokenId, ""), this.properties.revocationTime());
	}

	/**
	 * Does the same with all tokens of a user that were issued before the time, or do not
	 * say when. Users who are known by something else than a token, such as the session
	 * of a login, are not concerned.
	 * @param issuedBefore compared with the {@code iat} of a JWT, which has whole
	 * seconds: a token of the same second counts as issued before
	 */
	public CompletionStage<Void> revokeTokens(String user, Instant issuedBefore) {
		return put(new Restriction(Kind.ISSUED_BEFORE, user, Long.toString(issuedBefore.toEpochMilli())),
				this.properties.revocationTime());
	}

	/**
	 * Looks for sessions on all nodes, for a second at most.
	 * @return fails when the other nodes cannot be asked, or when 16 queries of this node
	 * are under way
	 */
	public CompletionStage<FoundSessions> find(SessionQuery query) {
		return this.fleet.search().find(query);
	}

	/**
	 * Asks all nodes which of these users are connected to them, for a second at most. A
	 * user is connected while a session of theirs is open: a WebSocket, a stream, or a
	 * poll that waits. A node that does not answer in that second counts as one without
	 * these users. With the relay of PostgreSQL it takes longer if
	 * {@code realtime.relay.postgres.poll-interval} or {@code notify-interval} is long.
	 * @param users at most 10,000 names of at most 1,024 characters
	 * @return those who are connected; fails when the other nodes cannot be asked, when
	 * this node's connection to them broke meanwhile, or when 16 such queries of this
	 * node are under way
	 */
	public CompletionStage<Set<String>> connectedUsers(Collection<String> users) {
		return this.fleet.users().find(users);
	}

	/**
	 * Returns the names of the users who are blocked, as this node knows them; at most
	 * {@code realtime.sessions.max-restrictions}.
	 */
	public List<String> blockedUsers() {
		return this.fleet.restrictions()
			.stream()
			.map(StoredRestriction::restriction)
			.filter((restriction) -> restriction.kind() == Kind.BLOCKED)
			.map(Restriction::subject)
			.sorted()
			.toList();
	}

	private CompletionStage<Void> put(Restriction restriction, Duration keep) {
		return this.fleet.put(restriction, keep);
	}

	private static String named(String user) {
		if (user.isEmpty() || user.length() > Restriction.MAX_SUBJECT_LENGTH) {
			throw new IllegalArgumentException(
					"A user's name has 1 to " + Restriction.MAX_SUBJECT_LENGTH + " characters, not " + user.length());
		}
		return user;
	}

	private static String checked(String reason) {
		if (reason.isBlank() || reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES
				|| reason.chars().anyMatch(Character::isISOControl)) {
			throw new IllegalArgumentException(
					"A reason has 1 to " + MAX_REASON_BYTES + " bytes and no control characters");
		}
		return reason;
	}

}
