package dev.realtime.simulation;

import java.util.List;

import dev.realtime.simulation.Operation.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShrinkingTests {

	@Test
	void leavesOutWhatIsNotNeeded() {
		Plan plan = Plan.of(1);
		List<Operation> needed = List.of(plan.operations().get(3), plan.operations().get(8));

		Plan smallest = new Shrinking((each) -> each.operations().containsAll(needed)).shrink(plan);

		assertThat(smallest.operations()).containsExactlyElementsOf(needed);
	}

	@Test
	void keepsEverythingWhenEverythingIsNeeded() {
		Plan plan = Plan.of(2);

		assertThat(new Shrinking(plan::equals).shrink(plan)).isEqualTo(plan);
	}

	@Test
	void endsForAPlanThatFailsWithoutAnyOperation() {
		Plan plan = Plan.of(3).with(List.of(new Operation(1, Kind.PUBLISH, 0, 0, 0)));

		assertThat(new Shrinking((each) -> true).shrink(plan).operations()).isEmpty();
	}

}
