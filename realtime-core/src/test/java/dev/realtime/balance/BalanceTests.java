package dev.realtime.balance;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How many clients a node sends away, minute by minute. */
class BalanceTests {

	private static final int SECONDS = 5;

	private long second = -30;

	private final Balance balance = balance(60, 10);

	@Test
	void aFullNodeSendsAwaySoManyAMinuteUntilItHasItsShare() {
		int[] nodes = { 300, 0 };
		int minutes = 0;
		while (nodes[0] > 150) {
			int before = nodes[0];
			for (int i = 0; i < 60 / SECONDS; i++) {
				int going = step(nodes);
				nodes[0] -= going;
				nodes[1] += going;
			}
			assertThat(before - nodes[0]).isBetween(0, 60);
			if (before == nodes[0]) {
				break;
			}
			minutes++;
		}
		assertThat(minutes).isEqualTo(3);
		assertThat(nodes[0]).isBetween(150, 165);
		assertThat(step(nodes)).isZero();
	}

	@Test
	void itNeverGoesBelowTheMean() {
		Balance quick = balance(100_000, 0);
		int going = step(quick, 101, 0, 0);
		assertThat(101 - going).isEqualTo(34);
		assertThat(step(quick, 34, 34, 33)).isZero();
		assertThat(step(quick, 2, 1)).isZero();
	}

	@Test
	void aNodeNearTheMeanKeepsAll() {
		assertThat(step(110, 90)).isZero();
		assertThat(step(111, 89)).isPositive();
		assertThat(step(50, 100)).isZero();
	}

	@Test
	void aNodeThatIsAloneKeepsAll() {
		assertThat(step(300)).isZero();
	}

	@Test
	void aNodeThatDoesNotHearItselfKeepsAll() {
		this.balance.heard("other", 0, now());
		this.second += SECONDS;
		assertThat(this.balance.step("me", 300, now())).isZero();
	}

	@Test
	void whatWasSaidLongAgoDoesNotCount() {
		assertThat(step(300, 0)).isPositive();
		this.second += 4 * SECONDS;
		this.balance.heard("me", 300, now());
		assertThat(this.balance.step("me", 300, now())).isZero();
	}

	@Test
	void aNodeThatTakesNoClientsDoesNotCount() {
		this.balance.heard("1", 0, now());
		this.balance.heard("1", -1, now());
		this.balance.heard("me", 300, now());
		this.second += SECONDS;
		assertThat(this.balance.step("me", 300, now())).isZero();
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
		for (int i = 0; i < 2 * Balance.MOST_NODES; i++) {
			this.balance.heard("n" + i, 1, now());
		}
		assertThat(this.balance.nodes()).isEqualTo(Balance.MOST_NODES);
	}

	@Test
	void aSlowPaceIsKept() {
		Balance slow = balance(1, 10);
		int gone = 0;
		for (int i = 0; i < 10 * 60 / SECONDS; i++) {
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
		int others = 0;
		for (int each : Arrays.copyOfRange(nodes, 1, nodes.length)) {
			with.heard("other" + others++, each, now());
		}
		with.heard("me", nodes[0], now());
		return with.step("me", nodes[0], now());
	}

	private Balance balance(int perMinute, int threshold) {
		return new Balance(new BalanceOptions(perMinute, threshold, Duration.ofSeconds(SECONDS)), now());
	}

	private long now() {
		return TimeUnit.SECONDS.toNanos(this.second);
	}

}
