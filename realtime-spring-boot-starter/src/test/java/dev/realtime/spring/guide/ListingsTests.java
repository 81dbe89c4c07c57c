package dev.realtime.spring.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listing below {@code <!-- listing: Type -->} is this package's type of that name,
 * word by word, but for the name of its package and {@code IT} at the end of a test's
 * name.
 */
class ListingsTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Path SOURCES = Path.of("src/test/java/dev/realtime/spring/guide");

	private static final Pattern LISTING = Pattern.compile("<!-- listing: (\\w+) -->\n```java\n(.*?)```",
			Pattern.DOTALL);

	@ParameterizedTest
	@MethodSource("pages")
	void theListingsAreTheSources(String page) throws IOException {
		List<MatchResult> listings = LISTING.matcher(Files.readString(DOCS.resolve(page))).results().toList();
		assertThat(listings).isNotEmpty();
		for (MatchResult listing : listings) {
			String source = Files.readString(SOURCES.resolve(listing.group(1) + ".java"))
				.replaceFirst("package .*;", "package com.example;")
				.replaceAll("\\b(RoomRules)IT\\b", "$1Tests")
				.replace("(classes = TokenNode.class, properties", "(properties");
			assertThat(listing.group(2)).as(listing.group(1)).isEqualTo(source);
		}
	}

	@Test
	void noMarkIsWithoutAListing() throws IOException {
		for (String page : pages().toList()) {
			String text = Files.readString(DOCS.resolve(page));
			assertThat(LISTING.matcher(text).results()).hasSize(text.split("<!-- listing: ", -1).length - 1);
		}
	}

	static Stream<String> pages() {
		return Stream.of("beans.md", "security.md", "ai-streams.md", "webhooks.md", "asyncapi.md");
	}

}
