package dev.realtime.bench;

import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs with a fleet, with clients that come back, and along the stages of a message. */
class WholeRunsIT extends BenchContract {

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
	void theFanOutAndItsLimitAreExact() {
		assertThat(run("fan-out", "--servers=netty", "--subscribers=15000", "--scale=0.005", "--seconds=1", "--runs=1"))
			.isZero();
		assertThat(run("limits", "--subscribers=15000", "--scale=0.005", "--seconds=1", "--runs=1")).isZero();
	}

	@Test
	void aServerIsComparedWithAnOperatedOneInTurns() {
		String printed = printed(() -> assertThat(
				run("turns", "--servers=tomcat", "--subscribers=20", "--turns=2", "--seconds=1", "--runs=1"))
			.isZero());
		assertThat(printed).contains("| 20 subscribers", "ratio");
	}

	@Test
	void serversAreComparedByLatencyInTurns() {
		String printed = printed(() -> assertThat(run("latency-turns", "--servers=upgrade,tomcat", "--scale=0.02",
				"--turns=2", "--seconds=1", "--runs=1"))
			.isZero());
		assertThat(printed).contains("p99 ratio").containsPattern("upgrade .*\\| +1\\.00 ").contains("| tomcat");
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
		assertThat(Bench.run(List.of("run", "turns", "--turns=0"))).isEqualTo(2);
		assertThat(Bench.run(List.of("run", "turns", "--beside-jar=" + this.results))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--transport=pigeon"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=redis", "--redis=here"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--broker=jdbc"))).isEqualTo(2);
		assertThat(Bench.run(List.of("fly"))).isEqualTo(2);
		assertThat(Bench.run(List.of("--help"))).isZero();
	}

}
