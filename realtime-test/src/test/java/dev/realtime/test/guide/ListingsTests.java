package dev.realtime.test.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listing of {@code docs/testing.md} below {@code <!-- listing: Type -->} is this
 * package's type of that name, word by word, but for the name of its package and
 * {@code IT} at the end of its name.
 */
class ListingsTests {

	private static final Path PAGE = Path.of("..", "docs", "testing.md");

	private static final Path SOURCES = Path.of("..", "realtime-test", "src/test/java/dev/realtime/test/guide");

	private static final Pattern LISTING = Pattern.compile("<!-- listing: (\\w+) -->\n```java\n(.*?)```",
			Pattern.DOTALL);

	@Test
	void theListingsAreTheSources() throws IOException {
		String page = Files.readString(PAGE);
		List<MatchResult> listings = LISTING.matcher(page).results().toList();
		assertThat(listings).isNotEmpty().hasSize(page.split("<!-- listing: ", -1).length - 1);
		for (MatchResult listing : listings) {
			String name = listing.group(1);
			String source = Files.readString(SOURCES.resolve(name + ".java"))
				.replaceFirst("package .*;", "package com.example;")
				.replace(name, name.replaceFirst("IT$", "Tests"));
			assertThat(listing.group(2)).as(name).isEqualTo(source);
		}
	}

}
