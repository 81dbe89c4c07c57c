package dev.realtime.kotlin.invalid.closed

import dev.realtime.spring.publisher.TopicPublisher
import org.springframework.boot.SpringBootConfiguration
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.context.annotation.Import

@SpringBootConfiguration
@EnableAutoConfiguration
@Import(Closed::class)
open class ClosedApplication

/** No annotation tells the compiler plugin to open it. */
class Closed {

	@TopicPublisher("order.{id}")
	fun place(id: String): String = id
}
