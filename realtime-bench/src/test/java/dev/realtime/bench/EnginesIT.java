package dev.realtime.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.realtime.bench.engine.Engine;
import dev.realtime.bench.engine.RelayChoice;
import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.testing.Engines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What carries messages between nodes, each engine with its own server. */
class EnginesIT extends BenchContract {

	private static final List<String> SMALL = List.of("--servers=netty", "--rate=50", "--clients=12", "--topics=4",
			"--seconds=1", "--warm-up=1", "--runs=1");

	/** Left out where the engine's server is not installed. */
	@ParameterizedTest
	@ValueSource(strings = { "redis-partitions", "cluster", "nats", "rabbit", "postgres" })
	void eachMessageReachesEachClientOfTheOtherNodeOnceOverEachEngine(String relay) throws IOException {
		if (List.of("nats", "rabbit").contains(relay)) {
			var unused = Engines.require(relay.equals("nats") ? "nats-server" : "rabbitmq-server");
		}
		String missing = Engine.missing(RelayChoice.of(relay));
		assumeTrue(missing.isEmpty(), missing);
		String printed = printed(() -> assertThat(twoNodes("--relay=" + relay)).isZero());
		assertThat(printed).contains("| " + relay + ", 50 publishes/s on 4 topics to 3 on the other node")
			.contains("most publishes/s", "deliveries/s", "p99 ms", "publishing node cores", "store cores");
		assertThat(printed.contains("relay cores")).isEqualTo(List.of("nats", "rabbit").contains(relay));
		assertThat(this.results.resolve("two-nodes.json")).content().contains(relay);
	}

	@Test
	void enginesAreComparedInOneRunAndOneThatRunsAlreadyIsUsedWhereItIs() {
		try (RedisProcess redis = RedisProcess.start()) {
			String printed = printed(
					() -> assertThat(twoNodes("--relay=redis@127.0.0.1:" + redis.port() + ",redis-partitions"))
						.isZero());
			assertThat(printed).contains("| redis, 50 publishes/s").contains("| redis-partitions, 50 publishes/s");
			assertThat(redis.commands().startingWith("evalsha")).isPositive();
		}
	}

	/**
	 * The run fails when a client misses a message: here the second node hears nothing.
	 * That takes the minute for which it waits.
	 */
	@Tag("long")
	@Test
	void aRunOverARelayThatCarriesNothingFails() {
		assertThat(twoNodes("--relay=redis",
				"--jvm=-Xmx512m -Drealtime.relay.type=local -Drealtime.repair.check-interval=1h"))
			.isEqualTo(1);
	}

	@Test
	void aWrongRelayIsAnsweredWithASentence() {
		assertThat(twoNodes("--relay=pigeons")).isEqualTo(2);
		assertThat(twoNodes("--relay=redis,redis")).isEqualTo(2);
		assertThat(twoNodes("--relay=nats@here")).isEqualTo(2);
		assertThat(twoNodes("--rate=0")).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--relay=rabbit@localhost:5672"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--relay=nats", "--broker=redis"))).isEqualTo(2);
	}

	private int twoNodes(String... options) {
		return run("two-nodes", Stream.concat(SMALL.stream(), Arrays.stream(options)).toArray(String[]::new));
	}

}
