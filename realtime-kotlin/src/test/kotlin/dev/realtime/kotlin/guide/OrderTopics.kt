package dev.realtime.kotlin.guide

import dev.realtime.PublishReceipt
import dev.realtime.spring.publisher.TopicPublisher

interface OrderTopics {

	@TopicPublisher("order.{orderId}")
	suspend fun changed(orderId: String, status: OrderStatus): PublishReceipt
}

data class OrderStatus(val status: String, val items: Int)
