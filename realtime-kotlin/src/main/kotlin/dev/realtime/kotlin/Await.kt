package dev.realtime.kotlin

import java.util.concurrent.CompletionStage
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asExecutor
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.future.await

/**
 * Waits for the outcome of an operation that has begun. A failure is thrown as it is, not
 * wrapped. If the coroutine is cancelled, it waits no longer, and the operation goes on:
 * its stage is not cancelled, because others may wait for the same one.
 *
 * The engine completes stages on its own threads, which must not run application code. The
 * coroutine therefore continues on its dispatcher, or on [Dispatchers.Default] if its
 * dispatcher would let it continue on the thread that completes the stage.
 */
internal suspend fun <T> CompletionStage<T>.awaitOutcome(): T {
	val future = toCompletableFuture()
	return if (future.isDone) future.await() else copy(currentCoroutineContext()).await()
}

private fun <T> CompletionStage<T>.copy(context: CoroutineContext): CompletionStage<T> {
	val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher
	return if (dispatcher != null && dispatcher.isDispatchNeeded(context)) {
		whenComplete { _, _ -> }
	} else {
		whenCompleteAsync({ _, _ -> }, Dispatchers.Default.asExecutor())
	}
}
