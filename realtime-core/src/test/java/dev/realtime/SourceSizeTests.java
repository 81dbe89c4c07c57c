package dev.realtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A longer file is two things; the second one gets a type of its own. */
class SourceSizeTests {

	private static final int MOST_LINES = 350;

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	@ParameterizedTest
	@ValueSource(strings = { "realtime-core", "realtime-spring-boot-starter", "realtime-test", "realtime-kotlin",
			"realtime-conformance", "sample-chat-app" })
	void noMainFileHasMoreThan350Lines(String module) {
		List<Path> sources = sources(module);
		assertThat(sources).isNotEmpty();
		assertThat(sources).filteredOn((source) -> lines(source) > MOST_LINES)
			.extracting((source) -> ROOT.relativize(source) + ": " + lines(source) + " lines")
			.isEmpty();
	}

	private static List<Path> sources(String module) {
		Path main = ROOT.resolve(module).resolve("src/main");
		Path java = main.resolve("java");
		try (Stream<Path> files = Files.walk(Files.exists(java) ? java : main.resolve("kotlin"))) {
			return files.filter((file) -> file.toString().matches(".*\\.(java|kt)")).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long lines(Path file) {
		try (Stream<String> lines = Files.lines(file)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
