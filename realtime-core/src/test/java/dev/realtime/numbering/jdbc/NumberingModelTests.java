package dev.realtime.numbering.jdbc;

import java.util.List;
import java.util.stream.Stream;

import dev.realtime.numbering.jdbc.NumberingWorld.Isolation;
import dev.realtime.numbering.jdbc.NumberingWorld.Publisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules 1, 2 and 3 where a counter numbers, whatever happens in a small world. */
class NumberingModelTests {

	/** With {@code -Dnumbering.faults=2} it takes a minute. */
	private static final int FAULTS = Integer.getInteger("numbering.faults", 1);

	@ParameterizedTest
	@ValueSource(strings = { "OWN:1 OWN:1", "OWN:2 COMMITTED:1", "OWN:2 SNAPSHOT:1", "COMMITTED:1 SNAPSHOT:1",
			"SNAPSHOT:1 SNAPSHOT:1" })
	void rule1To3_noNumberIsUsedTwiceOrPassedOrShownTooEarly(String publishers) {
		NumberingModel model = new NumberingModel(FAULTS, publishers(publishers));

		@Nullable List<String> way = model.search();

		System.out.println("Numbering: " + publishers + ": " + model.states() + " states");
		assertThat(way).isNull();
		assertThat(model.states()).isGreaterThan(5_000);
	}

	@ParameterizedTest
	@CsvSource({ "COUNTER_DECIDES, OWN:1 OWN:1, is used twice",
			"HEAD_NOT_CHECKED, OWN:1 COMMITTED:1, is committed behind the head",
			"HEAD_CHECKED_FIRST, OWN:1 COMMITTED:1, is committed behind the head",
			"HEAD_OF_SNAPSHOT, OWN:1 SNAPSHOT:1, is committed behind the head",
			"HEAD_SKIPS_HOLES, OWN:1 COMMITTED:1, is committed behind the head",
			"HOLE_WITHOUT_ROWS, OWN:1 COMMITTED:1, is committed behind the head",
			"ANNOUNCED_FIRST, OWN:1 COMMITTED:1, is announced and beyond the head",
			"NUMBERS_MAY_FALL, OWN:2 COMMITTED:1, 1 comes after 2" })
	void eachRuleIsNeeded(NumberingModel.Broken broken, String publishers, String wrong) {
		@Nullable List<String> way = new NumberingModel(1, publishers(publishers), broken).search();

		System.out.println(broken + ": " + way);
		assertThat(way).as("a way into a wrong state without the rule").isNotNull().last().asString().contains(wrong);
	}

	private static List<Publisher> publishers(String publishers) {
		return Stream.of(publishers.split(" ", -1))
			.map((each) -> each.split(":", -1))
			.map((each) -> Publisher.of(Isolation.valueOf(each[0]), Integer.parseInt(each[1])))
			.toList();
	}

}
