package dev.realtime.sample.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.realtime.testing.Ports;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * What the guides say is done by a script, word by word, and is seen; it builds with
 * Maven from the jars of this build. See {@code src/test/guide/follow.mjs}.
 * {@code -Dtutorial.skip=true} leaves it out, and so does {@code -Dbrowser.skip=true}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TutorialIT {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	@BeforeEach
	void unlessSkipped() {
		assumeFalse(Boolean.getBoolean("tutorial.skip"), "-Dtutorial.skip=true");
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true: what the guides' readers see is a page");
	}

	@Test
	void theScriptReadsGuidesAsPeopleDo() throws Exception {
		assertThat(node(Map.of(), "--test", "--test-reporter=spec", "guide.test.mjs", "tools.test.mjs")).isZero();
	}

	@Test
	void theTutorialWorksWordByWordInAnEmptyFolder() throws Exception {
		assertThat(follow(Map.of(), ROOT.resolve("docs/tutorial.md"))).as("exit code; the output is above").isZero();
	}

	@Tag("long")
	@Test
	void theTutorialWorksOnTheGenerationOfBootBefore() throws Exception {
		assertThat(follow(Map.of(), ROOT.resolve("docs/tutorial.md"), "--boot", "3.5.16")).isZero();
	}

	@Test
	void theReadmesQuickStartWorksInAServiceThatIsThereAlready() throws Exception {
		// with the bundled browser and Redis, which other tests use where none is
		// installed
		assertThat(follow(Map.of("REALTIME_TEST_SERVERS", "bundled"), ROOT.resolve("README.md"), "--section",
				"Add it to a service", "--service", "service", "--redis"))
			.as("exit code; the output is above")
			.isZero();
	}

	@Tag("long")
	@Test
	void theReadmesQuickStartWorksOnTheNextGenerationOfBoot() throws Exception {
		assertThat(follow(Map.of(), ROOT.resolve("README.md"), "--section", "Add it to a service", "--service",
				"service", "--boot", "4.1.2", "--redis"))
			.as("exit code; the output is above")
			.isZero();
	}

	private static int follow(Map<String, String> environment, Path guide, String... options)
			throws IOException, InterruptedException {
		return node(environment,
				Stream.concat(Stream.of("follow.mjs", guide.toString()), Stream.of(options)).toArray(String[]::new));
	}

	private static int node(Map<String, String> more, String... arguments) throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("node"), Stream.of(arguments)).toList())
			.directory(Path.of("src/test/guide").toFile())
			.redirectErrorStream(true);
		Map<String, String> environment = builder.environment();
		environment.put("GUIDE_ROOT", ROOT.toString());
		environment.put("GUIDE_REDIS_SERVER", RedisServer.binary().toString());
		environment.put("GUIDE_PORTS", Ports.reserve() + "," + Ports.reserve() + "," + Ports.reserve());
		for (String name : List.of("maven-home", "local-repository", "settings", "offline", "version")) {
			environment.put("GUIDE_" + name.replace('-', '_').toUpperCase(Locale.ROOT),
					Objects.requireNonNull(System.getProperty("guide." + name), "Run this with mvn verify"));
		}
		environment.putAll(more);
		Process process = builder.start();
		try (BufferedReader output = process.inputReader()) {
			output.lines().forEach(System.out::println);
			return process.waitFor();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

}
