package dev.realtime.kotlin

import dev.realtime.Publication
import dev.realtime.PublishException
import dev.realtime.PublishReceipt
import dev.realtime.RealtimePublisher
import dev.realtime.Signal
import dev.realtime.spring.publisher.RealtimeSignals

/**
 * Publishes, and suspends until the message is stored; otherwise as
 * [RealtimePublisher.publish]. It begins on the calling thread, before it suspends: in a
 * transaction of that thread, the message is a part of the transaction.
 *
 * It has no time limit of its own beyond those of the engine. A coroutine that is cancelled
 * waits no longer, but the message may be stored and delivered all the same. To publish it
 * again without a double, give it an [id][Publication.id].
 *
 * @throws PublishException if it could not be stored
 * @throws IllegalArgumentException if the publication breaks a limit
 */
public suspend fun RealtimePublisher.publishAndAwait(publication: Publication): PublishReceipt =
	publish(publication).awaitOutcome()

/**
 * Publishes a payload without options; otherwise as the other function.
 *
 * @param topic the topic's name
 * @param payload text, bytes, or any object for which the application has a message converter
 */
public suspend fun RealtimePublisher.publishAndAwait(topic: String, payload: Any): PublishReceipt =
	publish(topic, payload).awaitOutcome()

/**
 * Sends a signal to those who are subscribed to the topic now, and suspends until it is on
 * its way; see [RealtimeSignals.send]. Cancellation does not take it back.
 *
 * @param payload becomes JSON; null for none
 */
public suspend fun RealtimeSignals.sendAndAwait(topic: String, type: String, payload: Any? = null) {
	send(topic, type, payload).awaitOutcome()
}

/** Does the same with a signal about a user. */
public suspend fun RealtimeSignals.sendAndAwait(topic: String, type: String, user: String?, payload: Any?) {
	send(topic, type, user, payload).awaitOutcome()
}

/** Does the same with a signal whose payload is JSON. */
public suspend fun RealtimeSignals.sendAndAwait(signal: Signal) {
	send(signal).awaitOutcome()
}
