package dev.realtime.bench.trial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import dev.realtime.bench.Arguments;
import dev.realtime.bench.Bench;
import dev.realtime.bench.scenario.ServerProcess;
import dev.realtime.bench.scenario.Settings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The load against a deployment with a context path and a login, in a process of its own.
 */
class LoadIT {

	private static final String LOGIN = "--connect-header=login:user-{n}";

	private static ServerProcess deployment;

	@TempDir
	private Path results;

	@BeforeAll
	static void start() {
		Settings settings = Settings.of(Arguments.parse(List.of("--jvm=-Xmx512m")));
		deployment = ServerProcess.start("tomcat", settings, "--server.servlet.context-path=/shop",
				"--realtime.security.anonymous=false", "--realtime.topics.crowded.pattern=crowded.*",
				"--realtime.topics.crowded.client-publish=true", "--realtime.topics.crowded.rate.policy=sample",
				"--realtime.topics.crowded.rate.messages-per-second=5", "--realtime.topics.closed.pattern=closed.*",
				"--realtime.topics.closed.client-publish=false");
	}

	@AfterAll
	static void stop() {
		deployment.close();
	}

	@Test
	void allPhasesAreExactAndTwoProcessesAreMerged() throws IOException {
		String one = load("--scenario=all", "--connections=60", "--topics=4", "--rate=50", "--seconds=1",
				"--burst-seconds=1", "--churn=40", "--publishers=2");
		Result result = ResultFile.read(one);
		assertThat(result.isExact()).isTrue();
		assertThat(result.phases()).extracting(Phase::name)
			.containsExactly("connect", "sustained", "burst", "reconnect", "churn");
		assertThat(result.phases()).allSatisfy((phase) -> assertThat(phase.count("deliveries")).isPositive());
		assertThat(phase(result, "sustained").count("deliveries"))
			.isEqualTo(phase(result, "sustained").count("published") * 15);
		assertThat(phase(result, "burst").count("deliveries")).isGreaterThan(5_000);
		assertThat(phase(result, "reconnect").time("back").getTotalCount()).isEqualTo(60);
		assertThat(phase(result, "churn").time("connect").getTotalCount()).isBetween(15L, 30L);
		assertThat(this.results.resolve("load.svg")).content().startsWith("<svg").contains("burst");

		assertThat(Bench.run(List.of("load", "merge", one, one, "--out=" + this.results))).isZero();
		Result merged = ResultFile.read(this.results.resolve("load-merged.json").toString());
		assertThat(merged.connections()).isEqualTo(120);
		assertThat(phase(merged, "burst").time("latency").getTotalCount())
			.isEqualTo(2 * phase(result, "burst").time("latency").getTotalCount());
	}

	@Test
	void whatIsLeftOutIsMissing() {
		Result result = Trial.run(options("--destination=/topic/crowded.{t}", "--rate=100"));
		assertThat(result.isExact()).isFalse();
		Phase sustained = phase(result, "sustained");
		assertThat(sustained.count("missing")).isGreaterThan(50);
		assertThat(sustained.violations())
			.allMatch((each) -> each.matches("client \\d of /topic/crowded.0 did not get message \\d+[ ,].*"));
		assertThat(sustained.ends().keySet()).anyMatch((each) -> each.contains("told of a gap: sampled"));
	}

	@Test
	void theMemoryOfTheServerIsShown() throws IOException {
		HttpServer metrics = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		metrics.createContext("/", (exchange) -> {
			byte[] text = "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 1048576.0\n"
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, text.length);
			exchange.getResponseBody().write(text);
			exchange.close();
		});
		metrics.start();
		try {
			Result result = Trial
				.run(options("--metrics-url=http://127.0.0.1:" + metrics.getAddress().getPort() + "/prometheus"));
			assertThat(phase(result, "sustained").memory()).containsEntry("heap MB before", 1.0)
				.containsEntry("heap MB after", 1.0);
			assertThat(Report.of(result)).contains("heap MB after");
		}
		finally {
			metrics.stop(0);
		}
	}

	@Test
	void whatCannotBeReachedOrRefusesIsNamed() {
		String url = "--url=ws://127.0.0.1:" + deployment.port();
		refused("at this path", url + "/realtime");
		refused("write ws:// instead of wss://", "--url=wss://127.0.0.1:" + deployment.port() + "/shop/realtime");
		refused("nothing listens there", "--url=ws://127.0.0.1:1/realtime");
		refused("send credentials with CONNECT", url + "/shop/realtime", "--connect-header=tenant:none");
		refused("client-publish", "--destination=/topic/closed.{t}");
		refused("did not come to all clients", "--send=/topic/bench.x{t}");
		refused("unknown-destination", "--destination=/nowhere/bench.{t}", "--send=/topic/bench.{t}");
		assertThat(Bench.run(List.of("load", "--url=ws://127.0.0.1:1/realtime"))).isEqualTo(3);
	}

	private void refused(String why, String... options) {
		assertThatExceptionOfType(DeploymentException.class).isThrownBy(() -> Trial.run(options(options)))
			.withMessageContaining(why);
	}

	private static Phase phase(Result result, String name) {
		return result.phases().stream().filter((phase) -> phase.name().equals(name)).findFirst().orElseThrow();
	}

	private String load(String... options) throws IOException {
		List<String> all = new ArrayList<>(List.of("load", url(), LOGIN, "--out=" + this.results));
		all.addAll(Arrays.asList(options));
		assertThat(Bench.run(all)).isZero();
		return Files.copy(this.results.resolve("load.json"), this.results.resolve("one.json")).toString();
	}

	private static TrialOptions options(String... options) {
		List<String> all = new ArrayList<>(List.of("--connections=3", "--seconds=1", "--patience=2"));
		all.addAll(Arrays.asList(options));
		if (all.stream().noneMatch((each) -> each.startsWith("--url"))) {
			all.add(url());
		}
		if (all.stream().noneMatch((each) -> each.startsWith("--connect-header"))) {
			all.add(LOGIN);
		}
		return TrialOptions.of(Arguments.parse(all));
	}

	private static String url() {
		return "--url=ws://127.0.0.1:" + deployment.port() + "/shop/realtime";
	}

}
