package dev.realtime.kotlin.invalid.returning

import dev.realtime.spring.publisher.TopicPublisher
import org.springframework.boot.autoconfigure.SpringBootApplication

@SpringBootApplication
open class ReturningApplication

interface Returning {

	@TopicPublisher("order.{id}")
	suspend fun placed(id: String, text: String): String
}
