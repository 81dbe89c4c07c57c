package dev.realtime.kotlin.guide

import dev.realtime.kotlin.test.receive
import dev.realtime.test.RealtimeTest
import dev.realtime.test.RealtimeTestClient
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/** The controller of the guide. */
@RealtimeTest
class AnswersIT {

	@Test
	fun theAnswerGrowsUntilItIsStopped(client: RealtimeTestClient) = runBlocking<Unit> {
		val ann = client.asUser("ann")
		val answer = ann.subscribe("/topic/answers/ann")
		ann.send("/app/ask", "What time is it?")
		assertThat(answer.receive { it.text().isNotEmpty() }.text()).isEqualTo("Soon")
		ann.send("/app/stop", "")
		assertThat(answer.receive { it.type() == "stream.end" }.header("stream-outcome")).isEqualTo("stopped")
	}
}
