package dev.realtime.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.realtime.testing.KafkaServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Kafka between two nodes. Its distribution is made of what stands on the class path. */
class KafkaEngineIT extends EngineContract {

	private static final String PROGRAM = "bench.kafka-server-start.sh";

	@TempDir
	Path distribution;

	@Test
	void eachMessageReachesEachClientOfTheOtherNodeOnceOverKafka() throws IOException {
		KafkaServer.require();
		System.setProperty(PROGRAM, script().toString());
		try {
			carries("kafka");
		}
		finally {
			System.clearProperty(PROGRAM);
		}
	}

	private Path script() throws IOException {
		Path script = Files.writeString(this.distribution.resolve("kafka-server-start.sh"),
				"#!/bin/sh\nexec %s -Xmx256m -XX:+UseSerialGC -cp %s kafka.Kafka \"$@\"%n"
					.formatted(Path.of(System.getProperty("java.home"), "bin", "java"), KafkaServer.classPath()));
		assertThat(script.toFile().setExecutable(true)).isTrue();
		return script;
	}

}
