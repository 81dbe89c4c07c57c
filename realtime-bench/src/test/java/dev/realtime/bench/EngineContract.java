package dev.realtime.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.realtime.bench.engine.Engine;
import dev.realtime.bench.engine.RelayChoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A short run of {@code two-nodes}, which fails when a client misses a message. */
abstract class EngineContract extends BenchContract {

	private static final List<String> SMALL = List.of("--servers=netty", "--rate=50", "--clients=12", "--topics=4",
			"--seconds=1", "--warm-up=1", "--runs=1");

	/** Left out where the engine's server is not installed. */
	final void carries(String relay) {
		String missing = Engine.missing(RelayChoice.of(relay));
		assumeTrue(missing.isEmpty(), missing);
		String printed = printed(() -> assertThat(twoNodes("--relay=" + relay)).isZero());
		assertThat(printed).contains("| " + relay + ", 50 publishes/s on 4 topics to 3 on the other node")
			.contains("most publishes/s", "deliveries/s", "p99 ms", "publishing node cores", "store cores");
		assertThat(printed.contains("relay cores")).isEqualTo(List.of("nats", "rabbit", "kafka").contains(relay));
		assertThat(this.results.resolve("two-nodes.json")).content().contains(relay);
	}

	final int twoNodes(String... options) {
		return run("two-nodes", Stream.concat(SMALL.stream(), Arrays.stream(options)).toArray(String[]::new));
	}

}
