package dev.realtime.kotlin

import dev.realtime.spring.publisher.SuspendingCalls
import java.util.concurrent.CompletionStage
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/** Lets the functions of interfaces with `@TopicPublisher` suspend; Spring's factories name it. */
internal class CoroutineCalls : SuspendingCalls {

	override fun await(stage: CompletionStage<*>, unit: Boolean, continuation: Any): Any? {
		val call: suspend () -> Any? = {
			val outcome = stage.awaitOutcome()
			if (unit) Unit else outcome
		}
		@Suppress("UNCHECKED_CAST")
		return call.startCoroutineUninterceptedOrReturn(continuation as Continuation<Any?>)
	}
}
