package dev.realtime.kotlin.node

import dev.realtime.PublishException
import dev.realtime.RealtimePublisher
import dev.realtime.kotlin.publishAndAwait
import dev.realtime.kotlin.test.receive
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import dev.realtime.testing.RedisServer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.test.annotation.DirtiesContext
import org.springframework.test.context.DynamicPropertyRegistry
import org.springframework.test.context.DynamicPropertySource

/** A node whose answers come from elsewhere, later, on threads of its own. */
@DirtiesContext
@RealtimeTest(classes = [Shop::class], broker = "redis", properties = ["realtime.redis.prefix=kotlin"])
class RedisIT(@Autowired private val publisher: RealtimePublisher) {

	@Test
	fun coroutinesWaitForRedis(client: RealtimeTestClient) {
		val order = client.subscribe("order.1")
		runBlocking(Dispatchers.Unconfined) {
			val receipt = publisher.publishAndAwait("order.1", "packed")
			assertThat(Thread.currentThread().name).doesNotContain("lettuce", "realtime")
			assertThat(order.receive().position()).isEqualTo(receipt.position())
		}
		redis.stop()
		val failure = runBlocking { runCatching { publisher.publishAndAwait("order.1", "shipped") } }
		assertThat(failure.exceptionOrNull()).isExactlyInstanceOf(PublishException::class.java)
		val thread = runBlocking {
			withContext(Dispatchers.Unconfined) {
				runCatching { publisher.publishAndAwait("order.1", "shipped") }
				Thread.currentThread().name
			}
		}
		assertThat(thread).doesNotContain("lettuce", "realtime")
		redis.restart()
	}

	private companion object {

		val redis: RedisServer = RedisServer.startProcess()

		@JvmStatic
		@DynamicPropertySource
		fun redis(properties: DynamicPropertyRegistry) {
			properties.add("spring.data.redis.port", redis::port)
		}

		@JvmStatic
		@AfterAll
		fun stop() {
			redis.close()
		}
	}
}
