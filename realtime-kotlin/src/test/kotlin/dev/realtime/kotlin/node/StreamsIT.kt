package dev.realtime.kotlin.node

import dev.realtime.kotlin.awaitEnd
import dev.realtime.kotlin.pipe
import dev.realtime.kotlin.pipeAndAwait
import dev.realtime.kotlin.stopAndAwait
import dev.realtime.kotlin.test.receive
import dev.realtime.kotlin.test.receiveAsFlow
import dev.realtime.spring.pipe.RealtimeStreams
import dev.realtime.spring.pipe.StreamOutcome
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

/** Flows as texts that grow. */
@RealtimeTest(classes = [Shop::class])
class StreamsIT(@Autowired private val streams: RealtimeStreams) {

	private val started = CompletableDeferred<Unit>()

	private val cancelled = CompletableDeferred<Unit>()

	@Test
	fun aFlowBecomesAText(client: RealtimeTestClient) = runBlocking<Unit> {
		val answer = client.subscribe("answer.1")
		val end = streams.pipeAndAwait("answer.1", flowOf("Once ", "upon ", "a time"))
		assertThat(end.outcome()).isEqualTo(StreamOutcome.DONE)
		assertThat(end.length()).isEqualTo(16)
		val pieces = answer.receiveAsFlow().takeWhile { it.type() != "stream.end" }.toList()
		assertThat(pieces.joinToString("") { it.text() }).isEqualTo("Once upon a time")
	}

	@Test
	fun aFlowThatFailsIsAnOutcome() = runBlocking<Unit> {
		val end = streams.pipeAndAwait("answer.2", flow { emit("Once"); error("The model is gone") })
		assertThat(end.outcome()).isEqualTo(StreamOutcome.FAILED)
		assertThat(end.reference()).isNotNull()
		val fatal = streams.pipeAndAwait("answer.2", flow { emit("Once"); throw StackOverflowError() })
		assertThat(fatal.outcome()).isEqualTo(StreamOutcome.FAILED)
	}

	@Test
	fun stopCancelsTheFlow() = runBlocking<Unit> {
		val stream = streams.pipe("answer.3", endless())
		started.await()
		stream.stop()
		cancelled.await()
		assertThat(stream.awaitEnd().outcome()).isEqualTo(StreamOutcome.STOPPED)
	}

	@Test
	fun theTextsOfATopicAreStopped() = runBlocking<Unit> {
		val stream = streams.pipe("answer.4", endless())
		streams.stopAndAwait("answer.4")
		assertThat(stream.awaitEnd().outcome()).isEqualTo(StreamOutcome.STOPPED)
	}

	@Test
	fun aCancelledCoroutineStopsItsText(client: RealtimeTestClient) = runBlocking<Unit> {
		val answer = client.subscribe("answer.5")
		val job = launch { streams.pipeAndAwait("answer.5", endless()) }
		answer.receive { it.text().startsWith("Once") }
		job.cancel()
		job.join()
		assertThat(answer.receive { it.type() == "stream.end" }.header("stream-outcome")).isEqualTo("stopped")
		cancelled.await()
	}

	@Test
	fun aCoroutineThatOnlyWaitsLeavesTheTextGrowing() = runBlocking<Unit> {
		val stream = streams.pipe("answer.6", endless())
		val job = launch(start = CoroutineStart.UNDISPATCHED) { stream.awaitEnd() }
		job.cancel()
		job.join()
		assertThat(stream.completion().toCompletableFuture().isDone).isFalse()
		stream.stop()
		assertThat(stream.awaitEnd().outcome()).isEqualTo(StreamOutcome.STOPPED)
	}

	/** Otherwise the source gives more than it was asked for, which ends the text. */
	@Test
	fun theFlowSuspendsWhileItsPiecesWait() = runBlocking<Unit> {
		val emitted = AtomicInteger()
		val stream = streams.pipe("answer.7", flow { while (true) { emit("x"); emitted.incrementAndGet() } })
		await().until { emitted.get() >= 256 }
		stream.stop()
		assertThat(stream.awaitEnd().outcome()).isEqualTo(StreamOutcome.STOPPED)
	}

	@Test
	fun theFlowIsCollectedWhereTheCallerSays() = runBlocking<Unit> {
		assertThat(threadOf { streams.pipe("answer.8", it).awaitEnd() }).startsWith("DefaultDispatcher")
		Executors.newSingleThreadExecutor { Thread(it, "own") }.asCoroutineDispatcher().use { own ->
			assertThat(threadOf { streams.pipe("answer.8", it, own).awaitEnd() }).startsWith("own")
		}
		assertThat(threadOf { streams.pipeAndAwait("answer.8", it) }).startsWith(Thread.currentThread().name.substringBefore(" @"))
	}

	/** A context may be that of a scope: the text does not end with it. */
	@Test
	fun aJobOfTheContextIsIgnored() = runBlocking<Unit> {
		val scope = CoroutineScope(Dispatchers.Default)
		val stream = streams.pipe("answer.9", endless(), scope.coroutineContext)
		started.await()
		scope.cancel()
		assertThat(stream.completion().toCompletableFuture().isDone).isFalse()
		stream.stop()
		assertThat(stream.awaitEnd().outcome()).isEqualTo(StreamOutcome.STOPPED)
	}

	private suspend fun threadOf(collect: suspend (Flow<String>) -> Unit): String {
		val name = CompletableDeferred<String>()
		collect(flow { name.complete(Thread.currentThread().name) })
		return name.await()
	}

	private fun endless() = flow {
		try {
			emit("Once")
			started.complete(Unit)
			awaitCancellation()
		} finally {
			cancelled.complete(Unit)
		}
	}
}
