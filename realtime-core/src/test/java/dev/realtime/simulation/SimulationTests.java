package dev.realtime.simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs seeds: as many as take well below a minute, or as many as {@code -Dseeds} says.
 * See {@code docs/reliability.md}.
 */
class SimulationTests {

	private static final int SEEDS = 3_000;

	@Test
	void theSameSeedGivesTheSameTrace() {
		for (long seed = 0; seed < 20; seed++) {
			assertThat(Simulation.run(Plan.of(seed)).trace()).isEqualTo(Simulation.run(Plan.of(seed)).trace());
		}
	}

	/**
	 * 32093: a feed stayed at the position that stands for having no numbering after one
	 * had begun, and clients that came back with an older position got no answer.
	 */
	@ParameterizedTest
	@ValueSource(longs = 32_093)
	void aSeedThatBrokeARuleOnceBreaksNoneNow(long seed) {
		Seeds seeds = Seeds.run(seed, 1, 1);
		assertThat(seeds.failed.isEmpty()).as(seeds::explanation).isTrue();
	}

	@Test
	void noSeedBreaksARule() {
		Seeds seeds = Seeds.run(Long.getLong("first-seed", 0), Long.getLong("seeds", SEEDS), 1);
		System.out.println(seeds);
		assertThat(seeds.failed.isEmpty()).as(seeds::explanation).isTrue();
	}

}
