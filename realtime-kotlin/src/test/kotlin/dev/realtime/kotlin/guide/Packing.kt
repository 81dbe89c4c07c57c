package dev.realtime.kotlin.guide

import dev.realtime.PublishException
import dev.realtime.RealtimePublisher
import dev.realtime.kotlin.publishAndAwait
import org.springframework.stereotype.Service

@Service
class Packing(private val orders: OrderTopics, private val publisher: RealtimePublisher) {

	suspend fun pack(orderId: String, items: Int): Boolean =
		try {
			orders.changed(orderId, OrderStatus("packed", items))
			publisher.publishAndAwait("packing", "$orderId: $items items")
			true
		} catch (ex: PublishException) {
			false
		}
}
