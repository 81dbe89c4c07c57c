package dev.realtime.bench.simulation;

import dev.realtime.bench.capacity.CostFile;
import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.EngineKind;
import dev.realtime.bench.capacity.EngineLoad;
import dev.realtime.bench.capacity.Fleet;
import dev.realtime.bench.capacity.Fleets;
import dev.realtime.bench.capacity.Group;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A whole fleet in simulated time. */
class FleetSimulationTests {

	private static final int UNBOUNDED = Integer.MAX_VALUE;

	private static final Costs COSTS = CostFile.shipped();

	private static Fleets fleet() {
		return Fleets.of(100_000, new Group(1_000, 100, 2)).engine(EngineKind.NATS);
	}

	private static Outcome simulate(Fleet fleet, int nodes, int relayBound, long seed) {
		Story story = new Story(6, 2, 5, 0.5, 2, new Stalls(0.5, 5e6), UNBOUNDED, relayBound, seed);
		// The engine has servers enough, so that the nodes decide.
		EngineLoad engine = new EngineLoad(1, 0, 1, 1, 200, 200, 1);
		return new FleetSimulation(fleet, COSTS, nodes, engine, story).run();
	}

	private static double p99(Outcome outcome, FleetSimulation.Phase phase) {
		Latencies latencies = outcome.latencies().get(phase);
		return (latencies != null) ? latencies.percentile(99) : Double.NaN;
	}

	@Test
	void aSeedDecidesEverything() {
		Fleet fleet = fleet().burst(10).get();
		String first = text(simulate(fleet, 4, UNBOUNDED, 1));
		assertThat(text(simulate(fleet, 4, UNBOUNDED, 1))).isEqualTo(first);
		assertThat(text(simulate(fleet, 4, UNBOUNDED, 2))).isNotEqualTo(first);
	}

	private static String text(Outcome outcome) {
		StringBuilder text = new StringBuilder().append(outcome.events())
			.append(' ')
			.append(outcome.cores())
			.append(' ')
			.append(outcome.mostDeliveries());
		outcome.latencies()
			.forEach((phase,
					latencies) -> text.append(' ').append(latencies.count()).append(' ').append(latencies.mean()));
		return text.toString();
	}

	@Test
	void whatIsDeliveredAndUsedIsWhatTheArithmeticSays() {
		Outcome outcome = simulate(fleet().get(), 4, UNBOUNDED, 1);
		// 2,000 events/s, of whose 100 subscribers a quarter is on each of 4 nodes, for 5
		// s; then a third.
		assertThat(outcome.events()).isCloseTo(12_000, within(600L));
		assertThat((double) outcome.deliveries() / 2).isCloseTo(2_000 * (5 * 25 + 33.3),
				org.assertj.core.data.Percentage.withPercentage(5));
		double deliveries = outcome.deliveries() / 2.0 / 6 * 5.67e-6;
		assertThat(outcome.cores()).isGreaterThan(deliveries).isLessThan(3 * deliveries);
		assertThat(outcome.droppedFromRelay() + outcome.droppedDeliveries()).isZero();
	}

	@Test
	void moreNodesNeverIncreaseThe99thPercentile() {
		Fleet fleet = fleet().burst(40).get();
		double before = Double.MAX_VALUE;
		for (int nodes : new int[] { 2, 3, 5, 9 }) {
			double p99 = p99(simulate(fleet, nodes, UNBOUNDED, 1), FleetSimulation.Phase.BURST);
			// A histogram of three digits, and chance.
			assertThat(p99).isLessThan(before * 1.05);
			before = p99;
		}
		assertThat(before).isGreaterThan(0);
	}

	@Test
	void aBurstBeyondCapacityFillsBoundedQueues() {
		Fleet fleet = fleet().burst(200).get();
		Outcome outcome = simulate(fleet, 4, 500, 1);
		// One thread of a node reads from NATS.
		assertThat(outcome.mostFromRelay()).isEqualTo(500);
		assertThat(outcome.droppedFromRelay()).isPositive();
		Outcome within = simulate(fleet().burst(2).get(), 4, 500, 1);
		assertThat(within.droppedFromRelay()).isZero();
	}

	@Test
	void theClientsOfALostNodeComeToTheOthers() {
		Outcome outcome = simulate(fleet().get(), 4, UNBOUNDED, 1);
		// 25,000 to three others, two of which are simulated.
		assertThat(outcome.joined()).isEqualTo(2 * 8_333);
		assertThat(outcome.allBack()).isBetween(0.45, 0.8);
	}

}
