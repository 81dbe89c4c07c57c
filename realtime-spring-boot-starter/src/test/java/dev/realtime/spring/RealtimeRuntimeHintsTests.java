package dev.realtime.spring;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** What a native image must keep, as the jar's {@code aot.factories} says it. */
class RealtimeRuntimeHintsTests {

	private static final Pattern LOOKED_FOR = Pattern
		.compile("isPresent\\(\\s*\"([\\w.]+)\"|PROXY_CODEC = \"([\\w.]+)\"");

	private final RuntimeHints hints = new RuntimeHints();

	RealtimeRuntimeHintsTests() {
		ClassLoader loader = getClass().getClassLoader();
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories", loader)
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("dev.realtime."))
			.forEach((registrar) -> registrar.registerHints(this.hints, loader));
	}

	@ParameterizedTest
	@ValueSource(strings = { "dev/realtime/log/jdbc/**/*.*", "META-INF/resources/realtime/**/*.js",
			"dev/realtime/spring/actuate/inspector/**/*.*" })
	void everyFileThatIsReadByNameIsKept(String files) throws IOException {
		List<String> found = new ArrayList<>();
		for (Resource resource : new PathMatchingResourcePatternResolver().getResources("classpath*:" + files)) {
			if (!resource.getFilename().endsWith(".class")) {
				found.add(path(resource.getURL(), files.substring(0, files.indexOf('*'))));
			}
		}
		assertThat(found).isNotEmpty()
			.allSatisfy((file) -> assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(this.hints));
	}

	@Test
	void everyTypeThatIsLookedForAtRunTimeIsKept() throws IOException {
		Set<String> lookedFor = new HashSet<>();
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			for (Path source : sources.filter((each) -> each.toString().endsWith(".java")).toList()) {
				Matcher matcher = LOOKED_FOR.matcher(Files.readString(source));
				while (matcher.find()) {
					lookedFor.add((matcher.group(1) != null) ? matcher.group(1) : matcher.group(2));
				}
			}
		}
		assertThat(RealtimeRuntimeHints.TYPES_LOOKED_FOR).containsExactlyInAnyOrderElementsOf(lookedFor);
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of("com.zaxxer.hikari.HikariDataSource")))
			.accepts(this.hints);
	}

	@Test
	void theMapperOfTheJsonLibraryIsKept() {
		List<String> mappers = Stream
			.of("tools.jackson.databind.json.JsonMapper", "com.fasterxml.jackson.databind.ObjectMapper")
			.filter((type) -> ClassUtils.isPresent(type, null))
			.toList();
		assertThat(mappers).isNotEmpty()
			.allSatisfy((type) -> assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(type)))
				.accepts(this.hints));
	}

	private static String path(URL url, String root) {
		String text = url.toString();
		return text.substring(text.lastIndexOf(root));
	}

}
