package dev.realtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Types and methods that the documents name are there. The changelog is left out: it
 * tells of what was.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedTypesTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern NAMED = Pattern
		.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:\\.([a-z]\\w*))?(?:\\([^`]*\\))?`");

	private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|record|enum) (\\w+)");

	private static final Pattern WORD = Pattern.compile("\\w+");

	/** Of other projects, which no source of ours uses; and of the reader's own. */
	private static final Set<String> ELSEWHERE = Set.of("BackendConfig", "ErrorHandler", "MappedInterceptor",
			"RedisSessionRepository", "RoomController", "WebMvcConfigurationSupport");

	private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", "dist", ".git");

	/** The words of the files that declare a type. */
	private final Map<String, Set<String>> declared = new HashMap<>();

	/** All words of sources and build files: other projects' types are named there. */
	private final Set<String> words = new HashSet<>();

	@BeforeAll
	void readSources() {
		for (Path source : files("java", "kt", "ts", "tsx", "js", "mjs", "xml", "imports", "yml", "json")) {
			String text = read(source);
			Set<String> ofFile = new HashSet<>();
			WORD.matcher(text).results().map(MatchResult::group).forEach(ofFile::add);
			this.words.addAll(ofFile);
			if (source.toString().endsWith(".java") || source.toString().endsWith(".kt")) {
				DECLARED.matcher(text)
					.results()
					.forEach((type) -> this.declared.computeIfAbsent(type.group(1), (name) -> new HashSet<>())
						.addAll(ofFile));
			}
		}
	}

	@Test
	void everyTypeAndMethodThatADocumentNamesIsThere() {
		List<String> missing = new ArrayList<>();
		for (Path page : files("md")) {
			if (!page.endsWith("CHANGELOG.md")) {
				NAMED.matcher(read(page))
					.results()
					.filter((named) -> !isThere(named.group(1), named.group(2)))
					.forEach((named) -> missing.add(ROOT.relativize(page) + ": " + named.group()));
			}
		}
		assertThat(this.declared).hasSizeGreaterThan(1_000);
		assertThat(missing).isEmpty();
	}

	@Test
	void aTypeThatWasRenamedIsFound() {
		assertThat(isThere("TopicPolicy", null)).isTrue();
		assertThat(isThere("TopicPolicy", "with" + "Pleasure")).isFalse();
		assertThat(isThere("Topic" + "Policeman", null)).isFalse();
	}

	private boolean isThere(String type, @Nullable String method) {
		Set<String> ofType = this.declared.get(type);
		if (ofType == null) {
			return ELSEWHERE.contains(type) || this.words.contains(type);
		}
		return method == null || ofType.contains(method);
	}

	private static List<Path> files(String... endings) {
		try (Stream<Path> all = Files.walk(ROOT)) {
			return all.filter((path) -> Stream.of(endings).anyMatch((ending) -> path.toString().endsWith('.' + ending)))
				.filter((path) -> {
					for (Path part : ROOT.relativize(path)) {
						if (LEFT_OUT.contains(part.toString())) {
							return false;
						}
					}
					return true;
				})
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path path) {
		try {
			return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
