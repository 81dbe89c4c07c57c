package dev.realtime.bench;

import java.io.IOException;
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

/**
 * Each scenario, short and small. A scenario fails when a client loses, doubles or
 * reorders a message, so what is asserted here is exactness; timings are for the long
 * runs.
 */
class ScenariosIT {

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
		assertThat(Bench.run(List.of("server", "--transport=pigeon"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=redis", "--redis=here"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=jdbc"))).isEqualTo(2);
		assertThat(Bench.run(List.of("fly"))).isEqualTo(2);
		assertThat(Bench.run(List.of("--help"))).isZero();
	}

	private int run(String scenario, String... options) {
		List<String> all = new ArrayList<>(List.of("run", scenario, "--out=" + this.results, "--jvm=-Xmx512m"));
		all.addAll(Arrays.asList(options));
		return Bench.run(all);
	}

}
