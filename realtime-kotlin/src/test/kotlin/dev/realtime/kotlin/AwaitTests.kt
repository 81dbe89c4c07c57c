package dev.realtime.kotlin

import dev.realtime.PublishException
import dev.realtime.Topic
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.Executors
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** Coroutines that wait for the engine. */
class AwaitTests {

	private val stage = CompletableFuture<String>()

	private val failure = PublishException.refused(Topic.of("room.1"), "no", null)

	@Test
	fun theResultIsReturned() = runBlocking<Unit> {
		val waiting = async(start = CoroutineStart.UNDISPATCHED) { stage.awaitOutcome() }
		stage.complete("stored")
		assertThat(waiting.await()).isEqualTo("stored")
		assertThat(stage.awaitOutcome()).isEqualTo("stored")
	}

	@ParameterizedTest
	@ValueSource(booleans = [true, false])
	fun aFailureIsThrownAsItIs(wrapped: Boolean) = runBlocking<Unit> {
		val dependent = if (wrapped) stage.thenApply { it } else stage
		val waiting = async(start = CoroutineStart.UNDISPATCHED) { runCatching { dependent.awaitOutcome() } }
		stage.completeExceptionally(if (wrapped) CompletionException(failure) else failure)
		assertThat(waiting.await().exceptionOrNull()).isSameAs(failure)
		assertThat(runCatching { dependent.awaitOutcome() }.exceptionOrNull()).isSameAs(failure)
	}

	@Test
	fun aCancelledCoroutineLeavesTheStageAsItIs() = runBlocking<Unit> {
		for (context in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
			val waiting = launch(context, CoroutineStart.UNDISPATCHED) { stage.awaitOutcome() }
			waiting.cancel()
			waiting.join()
			assertThat(stage.isDone).isFalse()
		}
	}

	@Test
	fun theCoroutineContinuesOnItsDispatcher() {
		Executors.newSingleThreadExecutor { Thread(it, "own") }.asCoroutineDispatcher().use { own ->
			assertThat(threadAfter(own) { stage.complete("stored") }).startsWith("own")
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = [true, false])
	fun aCoroutineWithoutThreadsOfItsOwnDoesNotContinueOnTheThreadOfTheEngine(fails: Boolean) {
		val complete = { if (fails) stage.completeExceptionally(failure) else stage.complete("stored") }
		assertThat(threadAfter(Dispatchers.Unconfined, complete)).startsWith("DefaultDispatcher")
	}

	@Test
	fun norDoesOneWithoutADispatcher() {
		assertThat(threadAfter(EmptyCoroutineContext) { stage.complete("stored") }).startsWith("DefaultDispatcher")
	}

	@Test
	fun whatIsDoneIsNotWaitedFor() {
		stage.complete("stored")
		assertThat(threadAfter(Dispatchers.Unconfined) { false }).startsWith(Thread.currentThread().name.substringBefore(" @"))
	}

	/** Returns the thread on which a coroutine of this context continues when the stage is done. */
	private fun threadAfter(context: CoroutineContext, complete: () -> Boolean): String {
		val name = CompletableFuture<String>()
		val waiting: suspend () -> Unit = {
			runCatching { stage.awaitOutcome() }
			name.complete(Thread.currentThread().name)
		}
		waiting.startCoroutine(Continuation(context) { result -> result.onFailure { name.completeExceptionally(it) } })
		await().until { stage.isDone || stage.numberOfDependents > 0 }
		thread(name = "engine") { complete() }.join()
		return name.get()
	}
}
