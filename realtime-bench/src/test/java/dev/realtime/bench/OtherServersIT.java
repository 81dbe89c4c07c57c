package dev.realtime.bench;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Servers to compare ours with, and what is said of those that are not there. */
class OtherServersIT extends BenchContract {

	/** The system property that names Centrifugo's binary. */
	private static final String CENTRIFUGO = "bench.centrifugo";

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

}
