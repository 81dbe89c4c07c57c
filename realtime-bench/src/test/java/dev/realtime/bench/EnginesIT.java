package dev.realtime.bench;

import java.util.List;

import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.testing.Engines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What carries messages between nodes, each engine with its own server. */
class EnginesIT extends EngineContract {

	/** Left out where the engine's server is not installed. */
	@ParameterizedTest
	@ValueSource(strings = { "nats", "postgres" })
	void eachMessageReachesEachClientOfTheOtherNodeOnce(String relay) {
		if (List.of("nats", "rabbit").contains(relay)) {
			var unused = Engines.require(relay.equals("nats") ? "nats-server" : "rabbitmq-server");
		}
		carries(relay);
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "cluster", "rabbit" })
	void eachMessageReachesEachClientOfTheOtherNodeOnceOverTheOtherEngines(String relay) {
		eachMessageReachesEachClientOfTheOtherNodeOnce(relay);
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
		assertThat(twoNodes("--relay=kafka@kafka://here:9092")).isEqualTo(2);
		assertThat(twoNodes("--rate=0")).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--relay=rabbit@localhost:5672"))).isEqualTo(2);
		assertThat(Bench.run(List.of("server", "--relay=nats", "--broker=redis"))).isEqualTo(2);
	}

}
