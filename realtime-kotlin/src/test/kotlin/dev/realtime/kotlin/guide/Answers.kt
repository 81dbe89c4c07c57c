package dev.realtime.kotlin.guide

import dev.realtime.kotlin.pipe
import dev.realtime.spring.pipe.RealtimeStreams
import java.security.Principal
import kotlinx.coroutines.flow.Flow
import org.springframework.messaging.handler.annotation.MessageMapping
import org.springframework.messaging.handler.annotation.Payload
import org.springframework.stereotype.Controller

fun interface LanguageModel {

	fun answer(question: String): Flow<String>
}

@Controller
class Answers(private val model: LanguageModel, private val streams: RealtimeStreams) {

	@MessageMapping("ask")
	fun ask(@Payload question: String, user: Principal) {
		streams.pipe(topic(user), model.answer(question))
	}

	@MessageMapping("stop")
	fun stop(user: Principal) {
		streams.stop(topic(user))
	}

	private fun topic(user: Principal) = "answers/${user.name}"
}
