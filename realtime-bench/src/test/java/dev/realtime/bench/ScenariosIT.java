package dev.realtime.bench;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each scenario on one of our servers. */
class ScenariosIT extends BenchContract {

	/** The others are only run where long tests are asked for. */
	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "rooms,netty", "latency,jetty", "idle-memory,netty", "join-storm,netty", "recovery-storm,netty",
			"slow-readers,netty", "slow-readers,tomcat", "hostile,netty", "hot-topic,tomcat" })
	void isExactOnTheOtherServersAsWell(String scenario, String server) throws IOException {
		isExact(scenario, server);
	}

	@ParameterizedTest
	@CsvSource({ "rooms,tomcat", "one-to-one,netty", "latency,simple-broker", "join-storm,tomcat",
			"recovery-storm,tomcat", "two-nodes,netty", "hostile,tomcat" })
	void isExact(String scenario, String server) throws IOException {
		assertThat(run(scenario, "--servers=" + server, "--scale=0.01", "--seconds=1", "--runs=1")).isZero();
		assertThat(this.results.resolve(scenario + ".json")).content().contains("\"" + server + "\"");
		assertThat(Files.readString(this.results.resolve(scenario + ".svg"))).startsWith("<svg").endsWith("</svg>\n");
	}

}
