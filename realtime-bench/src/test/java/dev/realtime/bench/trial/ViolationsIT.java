package dev.realtime.bench.trial;

import java.nio.file.Path;
import java.util.List;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.Bench;
import dev.realtime.bench.trial.FaultyServer.Mistake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** One wrong delivery of one message to one client is found and named. */
class ViolationsIT {

	@TempDir
	private Path results;

	/** The first message is the one that shows whether anything arrives. */
	@ParameterizedTest
	@CsvSource({ "LOSE, missing, did not get message 5 (seq between 4 and 6)",
			"DOUBLE, doubled, 'got message 5 (seq 5) again, its position is seq 5'",
			"REORDER, disordered, got message 5 (seq 5) after seq 6" })
	void aMistakeIsFound(Mistake mistake, String kind, String sentence) {
		try (FaultyServer server = new FaultyServer(mistake)) {
			assertThat(Bench.run(List.of("load", "--url=ws://127.0.0.1:" + server.port() + "/realtime",
					"--connections=3", "--rate=20", "--seconds=1", "--patience=2", "--out=" + this.results)))
				.isOne();
		}
		Result result = ResultFile.read(this.results.resolve("load.json").toString());
		Phase sustained = result.phases().get(1);
		assertThat(sustained.counts()).containsEntry(kind, 1L);
		assertThat(Phase.VIOLATIONS.stream().mapToLong(sustained::count).sum()).isOne();
		assertThat(sustained.violations()).singleElement()
			.asString()
			.matches("client \\d of /topic/bench.0 .*")
			.endsWith(sentence);
	}

	@Test
	void aServerWithoutTheHeartbeatsThatItPromisedIsNamed() {
		try (FaultyServer server = new FaultyServer(Mistake.SILENCE)) {
			Result result = Trial
				.run(TrialOptions.of(Arguments.parse(List.of("--url=ws://127.0.0.1:" + server.port() + "/realtime",
						"--connections=1", "--rate=0.2", "--heartbeat=1", "--seconds=6", "--patience=2"))));
			assertThat(result.phases().get(1).ends().keySet())
				.anyMatch((each) -> each.contains("sent no heartbeat, which it had promised"));
		}
	}

}
