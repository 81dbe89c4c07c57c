package dev.realtime.kotlin

import dev.realtime.spring.sessions.FoundSessions
import dev.realtime.spring.sessions.RealtimeSessions
import dev.realtime.spring.sessions.SessionQuery
import java.time.Duration
import java.time.Instant

// Each function suspends until the command is stored and on its way to the other nodes, and
// fails as its stage does. Cancellation does not take a command back.

/** Suspends until [RealtimeSessions.disconnectUser] has taken effect. */
public suspend fun RealtimeSessions.disconnectUserAndAwait(user: String, reason: String) {
	disconnectUser(user, reason).awaitOutcome()
}

/** Suspends until [RealtimeSessions.disconnectSession] has taken effect. */
public suspend fun RealtimeSessions.disconnectSessionAndAwait(sessionId: String, reason: String) {
	disconnectSession(sessionId, reason).awaitOutcome()
}

/** Suspends until [RealtimeSessions.unsubscribe] has taken effect. */
public suspend fun RealtimeSessions.unsubscribeAndAwait(user: String, topicPattern: String) {
	unsubscribe(user, topicPattern).awaitOutcome()
}

/** Suspends until [RealtimeSessions.recheckUser] has reached the other nodes. */
public suspend fun RealtimeSessions.recheckUserAndAwait(user: String) {
	recheckUser(user).awaitOutcome()
}

/** Suspends until [RealtimeSessions.recheckTopics] has reached the other nodes. */
public suspend fun RealtimeSessions.recheckTopicsAndAwait(topicPattern: String) {
	recheckTopics(topicPattern).awaitOutcome()
}

/** Suspends until [RealtimeSessions.recheckAll] has reached the other nodes. */
public suspend fun RealtimeSessions.recheckAllAndAwait() {
	recheckAll().awaitOutcome()
}

/** Suspends until [RealtimeSessions.block] has taken effect. */
public suspend fun RealtimeSessions.blockAndAwait(user: String, duration: Duration) {
	block(user, duration).awaitOutcome()
}

/** Suspends until [RealtimeSessions.unblock] has taken effect; returns whether the user was blocked. */
public suspend fun RealtimeSessions.unblockAndAwait(user: String): Boolean = unblock(user).awaitOutcome()

/** Suspends until [RealtimeSessions.revokeToken] has taken effect. */
public suspend fun RealtimeSessions.revokeTokenAndAwait(tokenId: String) {
	revokeToken(tokenId).awaitOutcome()
}

/** Suspends until [RealtimeSessions.revokeTokens] has taken effect. */
public suspend fun RealtimeSessions.revokeTokensAndAwait(user: String, issuedBefore: Instant) {
	revokeTokens(user, issuedBefore).awaitOutcome()
}

/** Suspends until the nodes have answered, see [RealtimeSessions.find]. */
public suspend fun RealtimeSessions.findAndAwait(query: SessionQuery): FoundSessions = find(query).awaitOutcome()

/** Suspends until the nodes have answered, see [RealtimeSessions.connectedUsers]. */
public suspend fun RealtimeSessions.connectedUsersAndAwait(users: Collection<String>): Set<String> =
	connectedUsers(users).awaitOutcome()
