package dev.realtime.spring.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReasonsTests {

	/** Where the code of both modules gives the word of a refusal. */
	private static final Pattern WORD = Pattern
		.compile("(?:RefusedException|SubscribeException|CloseReason\\.policy)\\(\\s*\"([a-z -]+)\""
				+ "|(?:refuse\\w*|problem)\\((?:\\w+(?:\\.\\w+\\(\\))?,\\s*){1,2}\"([a-z-]+)\""
				+ "|String (?:BAD|UNKNOWN|REVOKED|WORD) = \"([a-z-]+)\"");

	/** Of answers that are no refusals. */
	private static final Set<String> NONE = Set.of("address", "connection", "user", "no-answer", "filter", "refused");

	@Test
	void rule8_everyWordThatTheCodeRefusesWithIsKnown() throws IOException {
		Set<String> words = new TreeSet<>();
		for (String sources : new String[] { "src/main/java", "../realtime-core/src/main/java" }) {
			try (Stream<Path> files = Files.walk(Path.of(sources))) {
				for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
					WORD.matcher(Files.readString(file)).results().forEach((found) -> {
						for (int group = 1; group <= 3; group++) {
							if (found.group(group) != null) {
								words.add(Reasons.word(found.group(group)));
							}
						}
					});
				}
			}
		}
		words.removeAll(NONE);
		assertThat(words).hasSizeGreaterThan(25)
			.as("words that Reasons does not know, and are counted as other")
			.allSatisfy((word) -> assertThat(Reasons.tag(word)).as(word).isNotEqualTo(Reasons.OTHER));
	}

}
