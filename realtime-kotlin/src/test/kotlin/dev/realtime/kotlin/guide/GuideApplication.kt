package dev.realtime.kotlin.guide

import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.flow
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.context.annotation.Bean

/** The service that the reader of the guide has already. */
@SpringBootApplication
open class GuideApplication {

	/** A model that takes its time. */
	@Bean
	open fun model() = LanguageModel {
		flow {
			emit("Soon")
			awaitCancellation()
		}
	}
}
