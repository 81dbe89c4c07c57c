package dev.realtime.bench.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.scenario.Steady;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The simulation beside the real runs that the documents quote. */
class VerificationTests {

	@TempDir
	Path folder;

	/** Those that are not are named in docs/capacity.md. */
	@Test
	void predictsRealRunsWithin30Percent() {
		List<Map<String, Double>> predicted = Verification.predictions(RealRuns.read("shipped"));
		assertThat(predicted).hasSizeGreaterThanOrEqualTo(9);
		assertThat(within30Percent(predicted, "p50 ratio")).isGreaterThanOrEqualTo(predicted.size() - 2);
		assertThat(within30Percent(predicted, "p99 ratio")).isGreaterThanOrEqualTo(predicted.size() - 1);
		assertThat(within30Percent(predicted, "cores ratio")).isEqualTo(predicted.size());
	}

	private static long within30Percent(List<Map<String, Double>> rows, String ratio) {
		return rows.stream()
			.map((row) -> row.getOrDefault(ratio, Double.NaN))
			.filter((value) -> Math.abs(value - 1) <= 0.3)
			.count();
	}

	@Test
	void aRecordingIsReadAsItWasWritten() {
		RealRuns runs = new RealRuns("here", 2, List.of(run(1), run(3), run(2)));
		runs.write(this.folder.resolve("new/runs.json"));
		assertThat(RealRuns.read(this.folder.resolve("new/runs.json").toString())).isEqualTo(runs);
		assertThat(runs.medians()).containsExactly(run(2));
	}

	private static Steady run(double p50) {
		return new Steady(1, 1_000, 20, p50, 10, 0.1, 0, 0, 0.1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{}", "{\"machine\": \"m\", \"cores\": 2, \"runs\": []}",
			"{\"machine\": \"m\", \"cores\": 2, \"runs\": [{\"rate\": \"fast\"}]}" })
	void whatIsNoRecordingIsRefused(String text) throws IOException {
		Path file = Files.writeString(this.folder.resolve("runs.json"), text);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Verification.run(Arguments.parse(List.of("--recorded=" + file))))
			.withMessageContaining("recorded");
	}

}
