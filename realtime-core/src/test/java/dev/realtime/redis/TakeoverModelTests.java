package dev.realtime.redis;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules 1 and 4, after any failover in a small world. */
class TakeoverModelTests {

	/** With {@code -Dtakeover.depth=11} it takes a minute. */
	private static final int DEPTH = Integer.getInteger("takeover.depth", 10);

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void rule1And4_noServerGoesOnWithoutWhatWasShown(boolean secondJoins) {
		TakeoverModel model = new TakeoverModel(secondJoins);

		@Nullable List<String> way = model.search(DEPTH);

		System.out.println("Takeover: " + model.states() + " states");
		assertThat(way).isNull();
		assertThat(model.states()).isGreaterThan(10_000);
	}

	@ParameterizedTest
	@CsvSource({ "NO_COMPARISON, false", "NO_PROMISE, false", "NOT_ALL_NODES, false", "NO_REGISTRATION, true",
			"NOT_BOUND, false", "STRANGERS_BEGIN, true" })
	void eachRuleIsNeeded(TakeoverModel.Broken broken, boolean secondJoins) {
		@Nullable List<String> way = new TakeoverModel(secondJoins, broken).search(12);

		assertThat(way).as("a way into a wrong state without the rule").isNotNull();
		System.out.println(broken + ": " + way);
	}

}
