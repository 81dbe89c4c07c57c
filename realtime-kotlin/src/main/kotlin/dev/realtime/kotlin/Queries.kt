package dev.realtime.kotlin

import dev.realtime.Position
import dev.realtime.Topic
import dev.realtime.log.LogPage
import dev.realtime.log.TopicLog
import dev.realtime.presence.Presence
import dev.realtime.spring.unread.UserUnread
import dev.realtime.unread.Unread
import java.security.Principal

/** Suspends until [TopicLog.heads] has answered. */
public suspend fun TopicLog.headsAndAwait(topics: List<Topic>): List<Position> = heads(topics).awaitOutcome()

/** Suspends until [TopicLog.peek] has answered. */
public suspend fun TopicLog.peekAndAwait(topics: List<Topic>): List<Position> = peek(topics).awaitOutcome()

/** Suspends until [TopicLog.read] has answered. */
public suspend fun TopicLog.readAndAwait(topic: Topic, after: Position, limit: Int): LogPage =
	read(topic, after, limit).awaitOutcome()

/** Suspends until [TopicLog.readBefore] has answered. */
public suspend fun TopicLog.readBeforeAndAwait(topic: Topic, before: Position?, limit: Int): LogPage =
	readBefore(topic, before, limit).awaitOutcome()

/** Suspends until [Presence.members] has answered. */
public suspend fun Presence.membersAndAwait(topic: Topic, limit: Int): List<Presence.Member> =
	members(topic, limit).awaitOutcome()

/** Suspends until [Presence.count] has answered. */
public suspend fun Presence.countAndAwait(topic: Topic): Long = count(topic).awaitOutcome()

/** Suspends until [Presence.present] has answered. */
public suspend fun Presence.presentAndAwait(topic: Topic, users: Collection<String>): Set<String> =
	present(topic, users).awaitOutcome()

/** Suspends until [UserUnread.unread] has answered. */
public suspend fun UserUnread.unreadAndAwait(user: Principal?, topics: List<String>): List<Unread> =
	unread(user, topics).awaitOutcome()

/**
 * Suspends until [UserUnread.markRead] has stored the position. Cancellation does not take
 * it back.
 *
 * @param epoch of the position; null, together with seq, for everything by now
 */
public suspend fun UserUnread.markReadAndAwait(
	user: Principal?,
	topic: String,
	epoch: String? = null,
	seq: Long? = null,
): Unread = markRead(user, topic, epoch, seq).awaitOutcome()
