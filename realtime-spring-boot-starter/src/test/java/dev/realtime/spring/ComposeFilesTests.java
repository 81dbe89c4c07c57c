package dev.realtime.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.spring.testing.KnownProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.YamlMapFactoryBean;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The examples in docs/compose, as far as that can be told without Docker. */
@SuppressWarnings("unchecked")
class ComposeFilesTests {

	private static final Path FOLDER = Path.of("..", "docs", "compose");

	private static final Set<String> TOP = Set.of("name", "services", "volumes");

	private static final Set<String> SERVICE = Set.of("image", "command", "environment", "depends_on", "healthcheck",
			"ports", "volumes", "restart", "stop_grace_period");

	private static final Set<String> HEALTHCHECK = Set.of("test", "interval", "timeout", "retries", "start_period");

	/** Properties of the sample, which no metadata describes. */
	private static final Map<String, String> OF_THE_SAMPLE = Map.of("CHAT_SECRET", "chat.secret", "CHAT_OPENLOGIN",
			"chat.open-login");

	static List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	@Test
	void thereIsOneForEachEngineAndThePageOfTheFleetNamesIt() throws IOException {
		assertThat(files()).containsExactly("cluster.yml", "kafka.yml", "nats.yml", "postgresql.yml", "rabbitmq.yml",
				"redis.yml", "sentinel.yml", "shards.yml");
		assertThat(Files.readString(Path.of("..", "docs", "fleet.md"))).contains(files());
	}

	@ParameterizedTest
	@MethodSource("files")
	void hasNothingThatComposeDoesNotKnow(String file) throws IOException {
		Map<String, Object> compose = read(file);
		assertThat(compose.keySet()).filteredOn((key) -> !key.startsWith("x-")).isSubsetOf(TOP).contains("services");
		assertThat(compose).containsEntry("name", "realtime-" + file.replace(".yml", ""));
		services(compose).forEach((name, service) -> {
			assertThat(service.keySet()).as(name).isSubsetOf(SERVICE);
			assertThat(map(service, "healthcheck").keySet()).as(name).isSubsetOf(HEALTHCHECK);
		});
		assertThat(Files.readString(FOLDER.resolve(file))).contains("docs/compose/" + file).doesNotContain("\t");
	}

	@ParameterizedTest
	@MethodSource("files")
	void eachServiceHasAPinnedImageAndIsWaitedFor(String file) throws IOException {
		Map<String, Object> compose = read(file);
		services(compose).forEach((name, service) -> {
			assertThat(String.valueOf(service.get("image"))).as(name).matches("[a-z/-]+:\\d+\\.\\d+\\.?\\d*[\\w.-]*");
			boolean runsOnce = "no".equals(service.get("restart"));
			if (!runsOnce) {
				assertThat(map(service, "healthcheck")).as(name).containsKeys("test", "interval", "timeout", "retries");
				assertThat((List<Object>) map(service, "healthcheck").get("test")).as(name).first().isEqualTo("CMD");
			}
			map(service, "depends_on").forEach((other, condition) -> {
				Map<String, Object> needed = services(compose).get(other);
				assertThat(needed).as(name + " needs " + other).isNotNull();
				boolean once = "no".equals(Objects.requireNonNull(needed).get("restart"));
				assertThat(condition)
					.isEqualTo(Map.of("condition", once ? "service_completed_successfully" : "service_healthy"));
			});
		});
	}

	@ParameterizedTest
	@MethodSource("files")
	void volumesArePortsAndNodesAreRight(String file) throws IOException {
		Map<String, Object> compose = read(file);
		Set<String> used = new HashSet<>();
		Set<String> ports = new HashSet<>();
		services(compose).values().forEach((service) -> {
			list(service, "volumes").stream()
				.map((volume) -> volume.split(":", 2)[0])
				.filter((source) -> !source.startsWith("."))
				.forEach((source) -> assertThat(used.add(source)).as(source).isTrue());
			list(service, "ports").forEach((port) -> {
				assertThat(port).matches("127\\.0\\.0\\.1:\\d+:\\d+");
				assertThat(ports.add(port.split(":", 3)[1])).as(port).isTrue();
			});
		});
		assertThat(map(compose, "volumes").keySet()).isEqualTo(used);
		assertThat(ports).containsExactlyInAnyOrder("8080", "8081");
		assertThat(services(compose)).containsKeys("node-1", "node-2");
	}

	@ParameterizedTest
	@MethodSource("files")
	void theNodesEnvironmentNamesPropertiesAndServicesThatExist(String file) throws IOException {
		Map<String, Object> compose = read(file);
		Set<String> known = knownProperties();
		Map<String, Object> environment = map(services(compose).getOrDefault("node-1", Map.of()), "environment");
		assertThat(environment).isNotEmpty();
		assertThat(environment.keySet()).filteredOn((name) -> !OF_THE_SAMPLE.containsKey(name)).isSubsetOf(known);
		environment.forEach((name, value) -> {
			String text = String.valueOf(value);
			Matcher hosts = Pattern.compile("(?:^|//|@|,)([a-z][a-z0-9-]*):\\d+").matcher(text);
			while (hosts.find()) {
				assertThat(services(compose)).as(name).containsKey(hosts.group(1));
			}
			if (name.endsWith("_HOST")) {
				assertThat(services(compose)).containsKey(text);
			}
			if (text.contains("$")) {
				assertThat(text).as(name).matches("\\$\\{[A-Z_]+:\\?.+}");
			}
		});
		String sources = sampleSources();
		assertThat(OF_THE_SAMPLE.values()).allMatch((property) -> sources.contains("${" + property + ":"));
	}

	@ParameterizedTest
	@MethodSource("files")
	void theRelayIsOneThatThereIs(String file) throws IOException {
		Object relay = map(services(read(file)).getOrDefault("node-1", Map.of()), "environment")
			.get("REALTIME_RELAY_TYPE");
		List<String> types = Stream.of(RelayProperties.Type.values())
			.map((type) -> type.name().toLowerCase(Locale.ROOT))
			.toList();
		assertThat((relay != null) ? relay : "auto").isIn(types);
	}

	private static Map<String, Object> read(String file) {
		YamlMapFactoryBean yaml = new YamlMapFactoryBean();
		yaml.setResources(new FileSystemResource(FOLDER.resolve(file)));
		return Objects.requireNonNull(yaml.getObject());
	}

	private static Map<String, Map<String, Object>> services(Map<String, Object> compose) {
		return (Map<String, Map<String, Object>>) Objects.requireNonNull(compose.get("services"));
	}

	private static Map<String, Object> map(Map<String, Object> parent, String key) {
		return (Map<String, Object>) parent.getOrDefault(key, Map.of());
	}

	private static List<String> list(Map<String, Object> parent, String key) {
		return (List<String>) parent.getOrDefault(key, List.of());
	}

	/** As environment variables are called, of all that the class path describes. */
	private static Set<String> knownProperties() throws IOException {
		Set<String> known = KnownProperties.names()
			.stream()
			.map((name) -> name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT))
			.collect(Collectors.toSet());
		assertThat(known).contains("REALTIME_RELAY_TYPE", "SPRING_DATASOURCE_URL");
		return known;
	}

	private static String sampleSources() throws IOException {
		StringBuilder text = new StringBuilder();
		try (Stream<Path> files = Files.walk(Path.of("..", "sample-chat-app", "src", "main", "java"))) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
				text.append(Files.readString(file));
			}
		}
		return text.toString();
	}

}
