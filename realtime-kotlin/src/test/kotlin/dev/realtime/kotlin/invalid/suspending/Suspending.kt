package dev.realtime.kotlin.invalid.suspending

import dev.realtime.spring.publisher.TopicPublisher
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.stereotype.Component

@SpringBootApplication
open class SuspendingApplication

@Component
open class Suspending {

	@TopicPublisher("order.{id}")
	open suspend fun place(id: String): String = id
}
