package dev.realtime.kotlin.guide

import dev.realtime.kotlin.test.payload
import dev.realtime.kotlin.test.receive
import dev.realtime.kotlin.test.receiveAsFlow
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

@RealtimeTest
class PackingIT(@Autowired private val packing: Packing) {

	@Test
	fun aSubscriberIsTold(client: RealtimeTestClient) = runBlocking<Unit> {
		val order = client.subscribe("order.42")
		packing.pack("42", 3)
		assertThat(order.receive().payload<OrderStatus>()).isEqualTo(OrderStatus("packed", 3))
	}

	@Test
	fun ordersArePackedOneAfterTheOther(client: RealtimeTestClient) = runBlocking<Unit> {
		val packed = client.subscribe("packing")
		packing.pack("43", 1)
		packing.pack("44", 2)
		val texts = packed.receiveAsFlow().map { it.text() }.take(2).toList()
		assertThat(texts).containsExactly("43: 1 items", "44: 2 items")
	}
}
