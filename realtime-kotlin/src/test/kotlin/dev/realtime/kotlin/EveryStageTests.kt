package dev.realtime.kotlin

import dev.realtime.RealtimePublisher
import dev.realtime.log.TopicLog
import dev.realtime.presence.Presence
import dev.realtime.spring.pipe.RealtimeStreams
import dev.realtime.spring.publisher.RealtimeSignals
import dev.realtime.spring.sessions.RealtimeSessions
import dev.realtime.spring.unread.UserUnread
import java.util.concurrent.CompletionStage
import kotlin.coroutines.Continuation
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

/** Whatever applications call and returns a stage has a function that suspends. */
class EveryStageTests {

	@ParameterizedTest
	@ValueSource(
		classes = [
			RealtimePublisher::class, RealtimeSignals::class, RealtimeStreams::class, RealtimeSessions::class,
			TopicLog::class, Presence::class, UserUnread::class,
		],
	)
	fun hasAFunctionThatSuspends(type: Class<*>) {
		val stages = type.methods.filter { CompletionStage::class.java.isAssignableFrom(it.returnType) }
			.filterNot { type == Presence::class.java && it.name in OF_THE_ENGINE }
		assertThat(stages).isNotEmpty()
		for (stage in stages) {
			val parameters = listOf(type) + stage.parameterTypes + Continuation::class.java
			assertThat(suspending).contains(stage.name + "AndAwait" to parameters)
		}
	}

	private companion object {

		/** Connections enter and leave by subscribing. */
		val OF_THE_ENGINE = setOf("enter", "leave")

		val suspending = listOf("Publishing", "Queries", "Sessions", "Streams")
			.flatMap { Class.forName("dev.realtime.kotlin.${it}Kt").methods.toList() }
			.map { it.name to it.parameterTypes.toList() }
	}
}
