package dev.realtime.kotlin.node

import org.springframework.boot.SpringBootConfiguration
import org.springframework.boot.autoconfigure.EnableAutoConfiguration

/** A service such as those that use the extensions. */
@SpringBootConfiguration
@EnableAutoConfiguration
open class Shop {

	/** What is told about an order. */
	data class Step(val what: String, val items: Int = 1)
}
