package dev.realtime.balance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many clients a node sends away, interval by interval. */
class BalanceTests {

	private static final int SECONDS = 5;

	private static final int STEPS_A_MINUTE = 60 / SECONDS;

	private long second = -30;

	private final Balance balance = balance(60, 10, Duration.ZERO);

	@Test
	void rule8_aFullNodeSendsAwaySoManyInAnyMinuteAndStopsWithinTheTolerance() {
		int[] nodes = { 1_000, 0 };
		Deque<Integer> minute = new ArrayDeque<>();
		int last = -1;
		for (int i = 0; i < 20 * STEPS_A_MINUTE; i++) {
			int going = step(nodes);
			nodes[0] -= going;
			nodes[1] += going;
			minute.add(going);
			if (minute.size() > STEPS_A_MINUTE) {
				minute.remove();
			}
			assertThat(sum(minute)).isLessThanOrEqualTo(60);
			if (minute.size() == STEPS_A_MINUTE && nodes[0] > 600) {
				assertThat(sum(minute)).isGreaterThanOrEqualTo(59);
			}
			last = (going > 0) ? i : last;
		}
		// the tolerance is 3 · √500 = 67, and its half 34
		assertThat(nodes[0]).isBetween(500, 534);
		assertThat(last).isLessThan(9 * STEPS_A_MINUTE);
	}

	@Test
	void rule8_noMinuteHasMoreHoweverLateTheStepsAre() {
		Random random = new Random(11);
		Deque<long[]> gone = new ArrayDeque<>();
		int staying = 100_000;
		for (int i = 0; i < 500; i++) {
			this.second += 1 + random.nextInt(2 * SECONDS);
			this.balance.heard("me", staying, now());
			this.balance.heard("other0", 0, now());
			int going = this.balance.step(staying, true, now());
			assertThat(this.balance.went(going, now())).isFalse();
			staying -= going;
			gone.add(new long[] { this.second, going });
			gone.removeIf((each) -> each[0] <= this.second - 60);
			assertThat(gone.stream().mapToLong((each) -> each[1]).sum()).isLessThanOrEqualTo(60);
		}
		assertThat(staying).isLessThan(98_000);
	}

	@Test
	void clientsThatAreOnTheirWayAreNotMissing() {
		Balance quick = balance(100_000, 10, Duration.ZERO);
		int going = step(quick, 1_000, 0);
		assertThat(1_000 - going).isBetween(500, 534);
		assertThat(step(quick, 1_000 - going, 0)).isZero();
		assertThat(step(quick, 1_000 - going, going / 2)).isZero();
		assertThat(step(quick, 1_000 - going, going)).isZero();
	}

	@Test
	void aNodeWithinTheToleranceKeepsAllItsClients() {
		assertThat(step(11_000, 9_000)).isZero();
		assertThat(step(5_000, 10_000)).isZero();
		assertThat(step(11_010, 8_990)).isPositive();
		// one that has begun goes on to half of the tolerance
		assertThat(step(10_600, 9_400)).isPositive();
		assertThat(step(10_500, 9_500)).isZero();
		assertThat(step(10_600, 9_400)).isZero();
	}

	@Test
	void whatABalancerThatChoosesAtRandomCausesIsNormal() {
		Random random = new Random(42);
		for (int i = 0; i < 1_000; i++) {
			int first = 0;
			for (int client = 0; client < 200; client++) {
				first += random.nextInt(2);
			}
			// the standard deviation is 7, the tolerance 30
			assertThat(step(first, 200 - first)).isZero();
		}
	}

	@Test
	void twoNodesNeverSendClientsToAndFro() {
		Random random = new Random(7);
		for (int round = 0; round < 200; round++) {
			int perMinute = 1 + random.nextInt(20_000);
			Balance[] both = { balance(perMinute, random.nextInt(20), Duration.ZERO),
					balance(perMinute, random.nextInt(20), Duration.ZERO) };
			int[] nodes = { random.nextInt(2_000), random.nextInt(2_000) };
			List<Integer> inFlight = new ArrayList<>(List.of(0, 0));
			int senders = 0;
			for (int i = 0; i < 100; i++) {
				this.second += SECONDS;
				nodes[0] += inFlight.remove(0);
				int moved = 0;
				for (int self = 0; self < 2; self++) {
					both[self].heard("me", both[self].load(nodes[self], now()), now());
					both[self].heard("other", both[1 - self].load(nodes[1 - self], now()), now());
				}
				for (int self = 0; self < 2; self++) {
					int going = both[self].step(nodes[self], true, now());
					both[self].went(going, now());
					nodes[self] -= going;
					senders |= (going > 0) ? self + 1 : 0;
					moved += going;
				}
				// half of them come back to the node that has sent them away
				nodes[1] += moved / 2;
				inFlight.add(moved - moved / 2);
			}
			assertThat(senders).isLessThan(3);
		}
	}

	@Test
	void aNodeWaitsUntilItHasBeenFullForLongEnough() {
		Balance patient = balance(60, 10, Duration.ofMinutes(1));
		for (int i = 0; i < STEPS_A_MINUTE; i++) {
			assertThat(step(patient, 300, 0)).isZero();
		}
		assertThat(step(patient, 300, 0)).isPositive();
		assertThat(step(patient, 200, 100 + 100)).isZero();
		for (int i = 0; i < STEPS_A_MINUTE; i++) {
			assertThat(step(patient, 300, 0)).isZero();
		}
		assertThat(step(patient, 300, 0)).isPositive();
	}

	@Test
	void aNodeThatComesOrGoesBeginsTheWaitAnew() {
		Balance patient = balance(60, 10, Duration.ofMinutes(1));
		for (int i = 0; i < 2 * STEPS_A_MINUTE; i++) {
			step(patient, 300, 0);
		}
		assertThat(step(patient, 300, 0)).isPositive();
		for (int i = 0; i < STEPS_A_MINUTE; i++) {
			assertThat(step(patient, 300, 0, 0)).isZero();
		}
		assertThat(step(patient, 300, 0, 0)).isPositive();
		patient.heard("other1", -1, now());
		assertThat(step(patient, 300, 0)).isZero();
	}

	@Test
	void aNodeThatIsAloneKeepsAll() {
		assertThat(step(300)).isZero();
	}

	@Test
	void aNodeThatDoesNotHearItselfKeepsAll() {
		this.second += SECONDS;
		this.balance.heard("other0", 0, now());
		assertThat(this.balance.step(300, true, now())).isZero();
	}

	@Test
	void aNodeThatTakesNoClientsKeepsThoseItHas() {
		assertThat(step(300, 0)).isPositive();
		this.second += SECONDS;
		this.balance.heard("me", 300, now());
		this.balance.heard("other0", 0, now());
		assertThat(this.balance.step(300, false, now())).isZero();
	}

	@Test
	void whatWasSaidLongAgoDoesNotCount() {
		assertThat(step(300, 0)).isPositive();
		for (int i = 1; i <= 4; i++) {
			this.second += SECONDS;
			this.balance.heard("me", 300, now());
			// late after two intervals, forgotten after three
			assertThat(this.balance.step(300, true, now()) > 0).isEqualTo(i <= 2);
			assertThat(this.balance.nodes()).isEqualTo((i <= 3) ? 2 : 1);
		}
	}

	@Test
	void aNodeThatTakesNoClientsDoesNotCount() {
		this.balance.heard("other0", 0, now());
		this.balance.heard("other0", -1, now());
		assertThat(step(300)).isZero();
	}

	@Test
	void aNodeStopsForAnHourIfItsClientsComeBackToIt() {
		Balance quick = balance(6_000, 10, Duration.ZERO);
		int gone = 0;
		boolean stopped = false;
		while (!stopped) {
			this.second += SECONDS;
			quick.heard("me", 300, now());
			quick.heard("other0", 0, now());
			int going = quick.step(300, true, now());
			gone += going;
			stopped = quick.went(going, now());
			assertThat(gone).isLessThan(2_000);
		}
		assertThat(gone).isBetween(4 * 100, 4 * 150 + 20 + 500);
		for (int i = 1; i < 60 * STEPS_A_MINUTE; i++) {
			assertThat(step(quick, 300, 0)).isZero();
		}
		assertThat(step(quick, 300, 0)).isPositive();
	}

	@Test
	void rule8_whatWasNotNeededIsNotSavedUp() {
		for (int i = 0; i < 1_000; i++) {
			assertThat(step(100, 100)).isZero();
		}
		assertThat(step(300, 0)).isLessThanOrEqualTo(6);
		this.second += 100_000;
		assertThat(step(300, 0)).isLessThanOrEqualTo(11);
	}

	@Test
	void rule8_soManyNodesAreRemembered() {
		for (int i = 0; i < 2 * Loads.MOST_NODES; i++) {
			this.balance.heard("n" + i, 1, now());
		}
		assertThat(this.balance.nodes()).isEqualTo(Loads.MOST_NODES);
	}

	@Test
	void aSlowPaceIsKept() {
		Balance slow = balance(1, 10, Duration.ZERO);
		int gone = 0;
		for (int i = 0; i < 10 * STEPS_A_MINUTE; i++) {
			gone += step(slow, 300, 0);
		}
		assertThat(gone).isBetween(9, 10);
	}

	/** An interval later all nodes say how many they have; the first one decides. */
	private int step(int... nodes) {
		return step(this.balance, nodes);
	}

	private int step(Balance with, int... nodes) {
		this.second += SECONDS;
		for (int i = 1; i < nodes.length; i++) {
			with.heard("other" + (i - 1), nodes[i], now());
		}
		with.heard("me", with.load(nodes[0], now()), now());
		int going = with.step(nodes[0], true, now());
		assertThat(with.went(going, now())).isFalse();
		return going;
	}

	private static int sum(Deque<Integer> values) {
		return values.stream().mapToInt(Integer::intValue).sum();
	}

	private Balance balance(int perMinute, int threshold, Duration after) {
		return new Balance(new BalanceOptions(perMinute, threshold, after, Duration.ZERO, Duration.ofSeconds(SECONDS)),
				"me", now());
	}

	private long now() {
		return TimeUnit.SECONDS.toNanos(this.second);
	}

}
