package dev.realtime.kotlin.test

import dev.realtime.test.PublishedMessage
import dev.realtime.test.RealtimeTestClient
import dev.realtime.test.ReceivedMessage
import dev.realtime.test.TestSubscription
import java.security.Principal
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runInterruptible

/**
 * Suspends until the next message is there, as [TestSubscription.awaitMessage] waits. One
 * coroutine at a time may receive from a subscription.
 *
 * @throws AssertionError if there is none when the client's patience ends
 */
public suspend fun TestSubscription.receive(): ReceivedMessage = receive { true }

/** Suspends until a message that matches is there, and passes over those before it. */
public suspend fun TestSubscription.receive(wanted: (ReceivedMessage) -> Boolean): ReceivedMessage =
	runInterruptible(Dispatchers.IO) { interruptible { awaitMessage(wanted) } }

/**
 * The messages that were not received yet, as they come. The flow has no end of its own: take
 * as many as are expected. It fails with an [AssertionError] if the client's patience ends.
 */
public fun TestSubscription.receiveAsFlow(): Flow<ReceivedMessage> = flow {
	while (true) {
		emit(receive())
	}
}

/** The payload as an object, made by the application's own message converter. */
public inline fun <reified T : Any> ReceivedMessage.payload(): T = `as`(T::class.java)

/** The payload as an object, made by the application's own message converter. */
public inline fun <reified T : Any> PublishedMessage.payload(): T = `as`(T::class.java)

/** Returns a client that is this user, such as an `Authentication`. */
public fun RealtimeTestClient.asUser(user: Principal): RealtimeTestClient = `as`(user)

/** The kit reports an interrupt as a failure with this cause; a coroutine is cancelled by it. */
private fun <T> interruptible(wait: () -> T): T =
	try {
		wait()
	} catch (ex: IllegalStateException) {
		throw ex.cause as? InterruptedException ?: ex
	}
