package dev.realtime.kotlin.beans

import dev.realtime.spring.publisher.PublishedOn
import dev.realtime.spring.publisher.TopicPublisher
import java.util.concurrent.CompletableFuture
import org.springframework.stereotype.Component

/** A bean whose results are published; it is open, as the compiler plugin "spring" would make it. */
@Component
open class Orders {

	@TopicPublisher("order.{payload.id}", sender = "{payload.customer}")
	open fun place(id: RoomId, customer: String? = null): Order = Order(id, OrderNumber(7), customer)

	@TopicPublisher("order.{id}")
	open fun find(id: String): Order? = if (id == "none") null else Order(RoomId(id), OrderNumber(7))

	@TopicPublisher("order.{id}")
	open fun later(id: String): CompletableFuture<Message> = CompletableFuture.completedFuture(Message(id))

	@TopicPublisher("order.{id}")
	internal open fun inTheModule(id: String): Message = Message(id)
}

/** An event whose properties are of value classes. */
@PublishedOn("placed.{id}.{number}", sender = "{customer}")
data class OrderPlaced(val id: RoomId, val number: OrderNumber, val customer: String?)

/** An event with an internal property. */
@PublishedOn("coded.{code}")
data class OrderCoded(internal val code: String)

/** Events of one kind. */
@PublishedOn("step.{orderId}")
sealed interface Step {

	val orderId: String

	data class Packed(override val orderId: String, val items: Int) : Step

	data object Closed : Step {
		override val orderId = "all"
	}
}
