package dev.realtime.kotlin

import dev.realtime.spring.pipe.PipedStream
import dev.realtime.spring.pipe.RealtimeStreams
import dev.realtime.spring.pipe.StreamEnd
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.reactive.asPublisher

/**
 * Publishes what the flow emits, as [RealtimeStreams.pipe] does with a reactive source. The
 * flow suspends while the pieces that it has emitted wait to be published. It is cancelled
 * when the text ends before it does, as by [PipedStream.stop].
 *
 * @param topic the topic's name
 * @param source collected once; what it throws is the outcome
 * [FAILED][dev.realtime.spring.pipe.StreamOutcome.FAILED]
 * @param context where the flow is collected; code that blocks belongs on [Dispatchers.IO].
 * A [Job] in it is ignored: the text does not end with the caller's scope, see [pipeAndAwait]
 * @return stops the text, and says how it ended
 */
public fun RealtimeStreams.pipe(
	topic: String,
	source: Flow<CharSequence>,
	context: CoroutineContext = Dispatchers.Default,
): PipedStream = pipe(topic, source.asPublisher(context.minusKey(Job)))

/**
 * Publishes what the flow emits, and suspends until the text has ended and readers can know.
 * The flow is collected in the caller's context. If the coroutine is cancelled, the text is
 * stopped.
 *
 * @param topic the topic's name
 * @return how the text ended; a failure of the flow is an outcome and no exception
 */
public suspend fun RealtimeStreams.pipeAndAwait(topic: String, source: Flow<CharSequence>): StreamEnd {
	val stream = pipe(topic, source, currentCoroutineContext())
	try {
		return stream.awaitEnd()
	} finally {
		stream.stop()
	}
}

/** Suspends until the other nodes have been asked, see [RealtimeStreams.stop]. */
public suspend fun RealtimeStreams.stopAndAwait(topic: String) {
	stop(topic).awaitOutcome()
}

/**
 * Suspends until the text has ended and readers can know. A coroutine that is cancelled
 * waits no longer, and the text goes on.
 */
public suspend fun PipedStream.awaitEnd(): StreamEnd = completion().awaitOutcome()
