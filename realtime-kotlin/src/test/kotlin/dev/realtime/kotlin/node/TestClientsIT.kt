package dev.realtime.kotlin.node

import dev.realtime.RealtimePublisher
import dev.realtime.kotlin.node.Shop.Step
import dev.realtime.kotlin.publishAndAwait
import dev.realtime.kotlin.test.asUser
import dev.realtime.kotlin.test.payload
import dev.realtime.kotlin.test.receive
import dev.realtime.kotlin.test.receiveAsFlow
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import java.security.Principal
import java.time.Duration
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

/** The clients of the test kit in coroutines. */
@RealtimeTest(classes = [Shop::class])
class TestClientsIT(@Autowired private val publisher: RealtimePublisher) {

	@Test
	fun messagesAreReceivedAsTheyCome(client: RealtimeTestClient) = runBlocking<Unit> {
		val order = client.subscribe("order.21")
		val steps = async { order.receiveAsFlow().map { it.payload<Step>().what }.take(3).toList() }
		for (what in listOf("packed", "shipped", "delivered", "returned")) {
			publisher.publishAndAwait("order.21", Step(what))
		}
		assertThat(steps.await()).containsExactly("packed", "shipped", "delivered")
		assertThat(order.receive().payload<Step>().what).isEqualTo("returned")
	}

	@Test
	fun messagesThatDoNotMatchArePassedOver(client: RealtimeTestClient) = runBlocking<Unit> {
		val order = client.subscribe("order.22")
		val shipped = async(start = CoroutineStart.UNDISPATCHED) { order.receive { it.text() == "shipped" } }
		publisher.publishAndAwait("order.22", "packed")
		publisher.publishAndAwait("order.22", "shipped")
		assertThat(shipped.await().seq()).isEqualTo(2)
	}

	@Test
	fun aCoroutineThatIsCancelledLosesNoMessage(client: RealtimeTestClient) = runBlocking<Unit> {
		val order = client.subscribe("order.23")
		val waiting = launch(start = CoroutineStart.UNDISPATCHED) { order.receive() }
		waiting.cancel()
		waiting.join()
		assertThat(withTimeoutOrNull(50) { order.receive() }).isNull()
		publisher.publishAndAwait("order.23", "packed")
		assertThat(order.receive().text()).isEqualTo("packed")
	}

	@Test
	fun theTestFailsWhenNothingComes(client: RealtimeTestClient) {
		val order = client.withTimeout(Duration.ofMillis(50)).subscribe("order.24")
		assertThatExceptionOfType(AssertionError::class.java).isThrownBy { runBlocking { order.receive() } }
			.withMessageContaining("No message")
	}

	@Test
	fun aPrincipalIsTheUser(client: RealtimeTestClient) {
		assertThat(client.asUser(Principal { "ann" }).user()).isEqualTo("ann")
	}
}
