package dev.realtime.bench.million;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The simulation counts what it claims to measure. */
class CrowdTests {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void everyConnectionGetsEveryMessageOnce(int shards) {
		try (Crowd crowd = new Crowd(2_000, shards)) {
			crowd.gather();
			for (int i = 0; i < 20; i++) {
				assertThat(crowd.deliver()).isPositive();
			}
			crowd.check();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2 })
	void aWrongCountIsNoticed(int wrong) {
		int[] counts = { 1, wrong };
		assertThatIllegalStateException().isThrownBy(() -> Crowd.check(counts, 1))
			.withMessage("Connection 1 got " + wrong + " messages of 1");
	}

}
