package dev.realtime.kotlin.invalid

import dev.realtime.kotlin.invalid.closed.ClosedApplication
import dev.realtime.kotlin.invalid.returning.ReturningApplication
import dev.realtime.kotlin.invalid.suspending.SuspendingApplication
import dev.realtime.spring.publisher.InvalidTopicPublisherException
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.catchThrowable
import org.junit.jupiter.api.Test
import org.springframework.boot.WebApplicationType
import org.springframework.boot.builder.SpringApplicationBuilder
import org.springframework.core.NestedExceptionUtils

/** What cannot work in Kotlin ends the start of the application with a sentence. */
class InvalidIT {

	@Test
	fun aClosedClass() {
		assertRefused(ClosedApplication::class.java, "declare the function and its class open")
	}

	@Test
	fun aSuspendingFunctionOfABean() {
		assertRefused(SuspendingApplication::class.java, "suspending functions of beans are not supported")
	}

	@Test
	fun aSuspendingFunctionWithAnotherResult() {
		assertRefused(ReturningApplication::class.java, "it returns java.lang.String; a suspending function returns")
	}

	private fun assertRefused(application: Class<*>, why: String) {
		val failure = catchThrowable {
			SpringApplicationBuilder(application).web(WebApplicationType.NONE).run("--realtime.broker=memory").close()
		}
		assertThat(NestedExceptionUtils.getMostSpecificCause(failure))
			.isInstanceOf(InvalidTopicPublisherException::class.java)
			.hasMessageContaining(why)
	}
}
