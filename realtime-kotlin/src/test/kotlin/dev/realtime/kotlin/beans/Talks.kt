package dev.realtime.kotlin.beans

import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.future.future
import kotlinx.coroutines.yield
import org.springframework.messaging.handler.annotation.MessageMapping
import org.springframework.messaging.handler.annotation.SendTo
import org.springframework.stereotype.Controller

/** What clients of the application send. */
@Controller
class Talks {

	private val scope = CoroutineScope(Dispatchers.Default)

	val suspended = AtomicInteger()

	@MessageMapping("/plain")
	@SendTo("/topic/talk.plain")
	fun plain(message: Message): Message = message.copy(author = "plain")

	@MessageMapping("/future")
	@SendTo("/topic/talk.future")
	fun future(message: Message): CompletableFuture<Message> = scope.future {
		yield()
		message.copy(author = "future")
	}

	@MessageMapping("/suspending")
	@SendTo("/topic/talk.suspending")
	suspend fun suspending(message: Message): Message {
		yield()
		suspended.incrementAndGet()
		return message
	}

	@MessageMapping("/flow")
	@SendTo("/topic/talk.flow")
	fun flow(message: Message): Flow<Message> = flowOf(message)
}
