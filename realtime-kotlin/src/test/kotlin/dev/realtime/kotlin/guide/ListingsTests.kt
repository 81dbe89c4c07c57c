package dev.realtime.kotlin.guide

import java.nio.file.Path
import kotlin.io.path.readText
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/**
 * A listing of `docs/kotlin.md` below `<!-- listing: File -->` is this package's file of that name,
 * word by word, but for the name of its package and `IT` at the end of a test's name.
 */
class ListingsTests {

	@Test
	fun theListingsAreTheSources() {
		val page = PAGE.readText()
		val listings = LISTING.findAll(page).toList()
		assertThat(listings).isNotEmpty().hasSize(page.split("<!-- listing: ").size - 1)
		for (listing in listings) {
			val (name, text) = listing.destructured
			val source = SOURCES.resolve("$name.kt").readText()
				.replaceFirst("package dev.realtime.kotlin.guide", "package com.example")
				.replace(name, name.replace(Regex("IT$"), "Tests"))
			assertThat(text).isEqualTo(source)
		}
	}

	private companion object {

		val PAGE: Path = Path.of("..", "docs", "kotlin.md")

		val SOURCES: Path = Path.of("src/test/kotlin/dev/realtime/kotlin/guide")

		val LISTING = Regex("<!-- listing: (\\w+) -->\n```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
	}
}
