package dev.realtime.spring.compat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that exclude what the starter brings along, because its presence alone
 * would change them. Each is a process without those jars.
 */
class LeftOutModulesIT {

	@TempDir
	Path directory;

	@Test
	void rule11_theNodeStartsAndPublishesWithoutSpringDataRedisAndItsClient() throws Exception {
		startAndPublishWithout("spring-data-", "lettuce-core", "spring-boot-data-", "spring-boot-redis");
	}

	@Test
	void rule11_theNodeStartsAndPublishesWithoutTheActuator() throws Exception {
		startAndPublishWithout("spring-boot-actuator", "spring-boot-health", "spring-boot-micrometer",
				"micrometer-jakarta9");
	}

	private void startAndPublishWithout(String... jars) throws Exception {
		Path log = this.directory.resolve("log");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", classPathWithout(List.of(jars)), Application.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(log).content().contains("PUBLISHED 1");
		assertThat(process.exitValue()).as(Files.readString(log)).isZero();
	}

	private static String classPathWithout(List<String> jars) {
		List<String> kept = new ArrayList<>();
		List<String> leftOut = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
			boolean leave = jars.stream().anyMatch(Path.of(entry).getFileName().toString()::startsWith);
			(leave ? leftOut : kept).add(entry);
		}
		assertThat(leftOut).isNotEmpty();
		return String.join(File.pathSeparator, kept);
	}

	/** Starts a node, publishes a message and prints its number. */
	static final class Application {

		public static void main(String[] arguments) {
			try (ConfigurableApplicationContext node = PlainNode.start()) {
				System.out.println("PUBLISHED " + node.getBean(RealtimePublisher.class)
					.publishAndWait(Publication.of(Topic.of("left-out"), Content.text("x")))
					.position()
					.seq());
			}
		}

	}

}
