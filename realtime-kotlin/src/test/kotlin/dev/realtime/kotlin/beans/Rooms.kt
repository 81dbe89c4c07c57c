package dev.realtime.kotlin.beans

import dev.realtime.PublishReceipt
import dev.realtime.spring.publisher.TopicPublisher
import dev.realtime.spring.publisher.TopicVariable
import java.util.concurrent.CompletableFuture

/** All kinds of functions that Kotlin has for an interface. */
interface Rooms {

	@TopicPublisher("room.{roomId}")
	fun posted(roomId: String, message: Message)

	@TopicPublisher("room.{roomId}")
	fun stored(roomId: String, message: Message): PublishReceipt

	@TopicPublisher("room.{roomId}")
	fun later(roomId: String, message: Message): CompletableFuture<PublishReceipt>

	@TopicPublisher("room.{roomId}")
	suspend fun suspending(roomId: String, message: Message)

	@TopicPublisher("room.{roomId}")
	suspend fun suspendingUntilStored(roomId: String, message: Message): PublishReceipt

	@TopicPublisher("room.{roomId}")
	fun withDefault(message: Message, roomId: String = "lobby")

	@TopicPublisher("room.{roomId}")
	suspend fun suspendingWithDefault(message: Message, roomId: String = "lobby")

	fun everywhere(message: Message) {
		posted("a", message)
		posted("b", message)
	}

	suspend fun suspendingEverywhere(message: Message) {
		suspending("a", message)
		suspending("b", message)
	}

	@TopicPublisher("room.{roomId}.{number}")
	fun ofValueClasses(roomId: RoomId, number: OrderNumber, message: Message)

	@TopicPublisher("room.{number.value}")
	fun ofNullableValueClass(@TopicVariable number: OrderNumber?, message: Message)

	@TopicPublisher("room.{roomId}")
	fun valueClassAsPayload(roomId: String, text: RoomId)

	@TopicPublisher("room.{roomId}")
	fun nullable(roomId: String, message: Message?)

	@TopicPublisher("order.{payload.id}.{payload.number}", sender = "{payload.customer}")
	fun ordered(order: Order)
}

/** Of this module alone. */
internal interface Notices {

	@TopicPublisher("notice.{name}")
	fun told(name: String, text: String)
}
