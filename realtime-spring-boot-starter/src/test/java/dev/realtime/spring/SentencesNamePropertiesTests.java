package dev.realtime.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.realtime.spring.testing.KnownProperties;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A sentence in an error, a log line or a failure analysis that tells an operator to set
 * a property names one that exists.
 */
class SentencesNamePropertiesTests {

	private static final List<Path> SOURCES = List.of(
			Path.of("..", "realtime-spring-boot-starter", "src", "main", "java"),
			Path.of("..", "realtime-core", "src", "main", "java"));

	private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*+\"");

	private static final Pattern PROPERTY = Pattern.compile("(?<![\\w/.])realtime\\.[a-z][a-z-]*(?:\\.[a-z][a-z-]*)*");

	/** Properties of any name below a map, which the metadata has as one. */
	private static final Pattern BELOW_A_MAP = Pattern
		.compile("realtime\\.(topics|webhooks|relay\\.kafka\\.properties)\\..*");

	@Test
	void everyPropertyThatASentenceNamesExists() throws IOException {
		Set<String> known = KnownProperties.names();
		List<String> found = new ArrayList<>();
		List<String> wrong = new ArrayList<>();
		for (Path source : sources()) {
			Matcher literal = LITERAL.matcher(Files.readString(source));
			while (literal.find()) {
				Matcher name = PROPERTY.matcher(literal.group());
				while (literal.group().contains(" ") && name.find()) {
					found.add(name.group());
					if (!exists(name.group(), known)) {
						wrong.add(source.getFileName() + ": " + name.group());
					}
				}
			}
		}
		assertThat(found).hasSizeGreaterThan(50);
		assertThat(wrong).isEmpty();
	}

	private static boolean exists(String name, Set<String> known) {
		return known.contains(name) || BELOW_A_MAP.matcher(name).matches()
				|| known.stream().anyMatch((each) -> each.startsWith(name + '.'));
	}

	private static List<Path> sources() throws IOException {
		List<Path> all = new ArrayList<>();
		for (Path root : SOURCES) {
			try (Stream<Path> files = Files.walk(root)) {
				files.filter((file) -> file.toString().endsWith(".java")).forEach(all::add);
			}
		}
		return all;
	}

}
