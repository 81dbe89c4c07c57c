package dev.realtime.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Each scenario, short and small. A scenario fails when a client loses, doubles or
 * reorders a message, so what is asserted here is exactness; timings are for the long
 * runs.
 */
class ScenariosIT {

	/** The system property that names Centrifugo's binary. */
	private static final String CENTRIFUGO = "bench.centrifugo";

	@TempDir
	Path results;

	@BeforeAll
	static void findRedis() {
		System.setProperty(RedisProcess.PROGRAM, RedisServer.binary().toString());
	}

	/** The others are only run where long tests are asked for. */
	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "rooms,netty", "latency,jetty", "join-storm,netty", "recovery-storm,netty", "slow-readers,tomcat",
			"hostile,netty" })
	void isExactOnTheOtherServersAsWell(String scenario, String server) throws IOException {
		isExact(scenario, server);
	}

	@ParameterizedTest
	@CsvSource({ "rooms,tomcat", "one-to-one,netty", "latency,simple-broker", "idle-memory,netty", "join-storm,tomcat",
			"recovery-storm,tomcat", "two-nodes,netty", "slow-readers,netty", "hostile,tomcat" })
	void isExact(String scenario, String server) throws IOException {
		assertThat(run(scenario, "--servers=" + server, "--scale=0.01", "--seconds=1", "--runs=1")).isZero();
		assertThat(this.results.resolve(scenario + ".json")).content().contains("\"" + server + "\"");
		assertThat(Files.readString(this.results.resolve(scenario + ".svg"))).startsWith("<svg").endsWith("</svg>\n");
	}

	/** Centrifugo takes part where {@value #CENTRIFUGO} names a binary. */
	@ParameterizedTest
	@CsvSource({ "fan-out,upgrade", "fan-out,centrifugo", "idle-memory,centrifugo" })
	void isExactBesideOurs(String scenario, String server) {
		isExactOnOtherServers(scenario, server);
	}

	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "latency,upgrade", "idle-memory,upgrade", "join-storm,upgrade", "join-storm,tomcat-standard",
			"fan-out,tomcat-standard", "latency,centrifugo", "join-storm,centrifugo", "rooms,centrifugo",
			"one-to-one,centrifugo", "slow-readers,centrifugo", "slow-readers,upgrade" })
	void isExactOnOtherServers(String scenario, String server) {
		List<String> options = new ArrayList<>(
				List.of("--servers=" + server, "--scale=0.01", "--seconds=1", "--runs=1", "--subscribers=1000"));
		if (server.equals("centrifugo")) {
			String binary = System.getProperty(CENTRIFUGO, "");
			assumeTrue(!binary.isEmpty(), "No -D" + CENTRIFUGO + "=PATH of a binary is given");
			options.add("--centrifugo=" + binary);
		}
		assertThat(run(scenario, options.toArray(String[]::new))).isZero();
		assertThat(this.results.resolve(scenario + ".json")).content().contains("\"" + server + "\"");
	}

	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "jitter,netty", "deploy,tomcat" })
	void nothingIsLostOnTheOtherServersAsWell(String scenario, String server) {
		nothingIsLostByClientsThatComeBack(scenario, server);
	}

	@ParameterizedTest
	@CsvSource({ "jitter,tomcat", "deploy,netty" })
	void nothingIsLostByClientsThatComeBack(String scenario, String server) {
		String printed = printed(() -> assertThat(run(scenario, "--servers=" + server, "--clients=200", "--topics=4",
				"--minutes=0.05", "--seconds=1", "--runs=1"))
			.isZero());
		assertThat(printed).contains("200 clients, 4 topics").contains("| " + server);
	}

	@Test
	void theJourneyOfAMessageIsMeasured() {
		String printed = printed(() -> assertThat(run("journey", "--clients=50", "--seconds=1", "--runs=1")).isZero());
		assertThat(printed).contains("own p99 µs").contains("| memory").contains("| redis").doesNotContain("left out");
	}

	@Test
	void aServerThatCannotBeMeasuredIsLeftOutWithASentence() {
		String printed = printed(() -> assertThat(
				run("latency", "--servers=upgrade,centrifugo", "--scale=0.01", "--seconds=1", "--runs=1"))
			.isZero());
		assertThat(printed).contains("latency: centrifugo is left out; say where its binary is, with --centrifugo=PATH")
			.contains("| upgrade");
		assertThat(printed(() -> assertThat(run("recovery-storm", "--servers=upgrade")).isZero()))
			.contains("recovery-storm: upgrade is left out");
	}

	@Test
	void theFanOutAndItsLimitAreExact() {
		assertThat(run("fan-out", "--servers=netty", "--scale=0.005", "--seconds=1", "--runs=1")).isZero();
		assertThat(run("limits", "--scale=0.005", "--seconds=1", "--runs=1")).isZero();
	}

	@Test
	void aWrongCommandLineIsAnsweredWithASentence() {
		assertThat(Bench.run(List.of("run", "no-such-scenario"))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "latency", "--runs=many"))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "latency", "--servers=apache"))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "latency", "--centrifugo=" + this.results))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "latency", "--centrifugo=" + this.results.resolve("nothing"))))
			.isEqualTo(2);
		assertThat(Bench.run(List.of("run", "fan-out", "--subscribers=all"))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "jitter", "--minutes=0"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--transport=pigeon"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=redis", "--redis=here"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=jdbc"))).isEqualTo(2);
		assertThat(Bench.run(List.of("fly"))).isEqualTo(2);
		assertThat(Bench.run(List.of("--help"))).isZero();
	}

	private static String printed(Runnable task) {
		PrintStream before = System.out;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			task.run();
		}
		finally {
			System.setOut(before);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

	private int run(String scenario, String... options) {
		List<String> all = new ArrayList<>(List.of("run", scenario, "--out=" + this.results, "--jvm=-Xmx512m"));
		all.addAll(Arrays.asList(options));
		return Bench.run(all);
	}

}
