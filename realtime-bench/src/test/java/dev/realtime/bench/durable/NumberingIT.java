package dev.realtime.bench.durable;

import java.util.List;

import dev.realtime.bench.Bench;
import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command counts what the tables hold after each turn, and fails on another number.
 */
class NumberingIT {

	@BeforeAll
	static void redis() {
		System.setProperty(RedisProcess.PROGRAM, RedisServer.binary().toString());
	}

	@Test
	void everyCommittedPublicationIsARowOfTheTableWithEitherNumbering() {
		assertThat(Bench.run(List.of("numbering", "--publishers=1,4", "--hold=1", "--runs=1", "--seconds=1"))).isZero();
	}

	@Test
	void aWrongCommandLineIsAnsweredWithASentence() {
		assertThat(Bench.run(List.of("numbering", "--publishers=0"))).isEqualTo(2);
		assertThat(Bench.run(List.of("numbering", "--publishers=many"))).isEqualTo(2);
		assertThat(Bench.run(List.of("numbering", "--speed=high"))).isEqualTo(2);
	}

}
