package dev.realtime.kotlin.beans

import dev.realtime.kotlin.test.payload
import dev.realtime.kotlin.test.receive
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.test.system.CapturedOutput
import org.springframework.boot.test.system.OutputCaptureExtension

/** Functions with `@MessageMapping`, as far as Spring calls them. */
@ExtendWith(OutputCaptureExtension::class)
@RealtimeTest(classes = [Chat::class])
class TalksIT(@Autowired private val talks: Talks) {

	private val hello = Message("hello")

	@Test
	fun dataClassesAreReadAndWritten(client: RealtimeTestClient) = runBlocking<Unit> {
		val talk = client.subscribe("talk.plain")
		client.send("/app/plain", hello)
		assertThat(talk.receive().payload<Message>()).isEqualTo(Message("hello", "plain"))
	}

	@Test
	fun aFutureOfACoroutineIsTheAnswer(client: RealtimeTestClient) = runBlocking<Unit> {
		val talk = client.subscribe("talk.future")
		client.send("/app/future", hello)
		assertThat(talk.receive().payload<Message>()).isEqualTo(Message("hello", "future"))
	}

	/** As docs/kotlin.md says, until Spring does. */
	@Test
	fun aSuspendingFunctionIsNotCalled(client: RealtimeTestClient, output: CapturedOutput) {
		val talk = client.subscribe("talk.suspending")
		client.send("/app/suspending", hello)
		talk.expectNoMessage()
		assertThat(talks.suspended).hasValue(0)
		assertThat(output).contains("kotlin.coroutines.Continuation")
	}

	/** As docs/kotlin.md says: the converter makes JSON of the flow itself. */
	@Test
	fun aFlowIsNotCollected(client: RealtimeTestClient) = runBlocking<Unit> {
		val talk = client.subscribe("talk.flow")
		client.send("/app/flow", hello)
		assertThat(talk.receive().text()).isEqualTo("{}")
	}
}
