package dev.realtime.isolation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.realtime.isolation.Isolation.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** When a node counts as isolated, second by second. */
class IsolationTests {

	private static final PeerView ALL = new PeerView(2, 2);

	private final Isolation isolation = new Isolation(new IsolationOptions(Duration.ofSeconds(10),
			Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(2), 1, Duration.ofSeconds(5)));

	/** Not zero, because the clock begins anywhere. */
	private long second = -20;

	@Test
	void aNodeIsIsolatedWhenItWasAwayForTheTimeAndOthersReachTheRelay() {
		assertThat(away(11, ALL)).isEqualTo(State.AWAY);
		assertThat(away(1, ALL)).isEqualTo(State.ISOLATED);
		assertThat(this.isolation.state().isIsolated()).isTrue();
	}

	@Test
	void rule7_noNodeIsIsolatedWhileTheRelayIsAwayForAll() {
		assertThat(away(1_000, new PeerView(0, 2))).isEqualTo(State.AWAY);
	}

	@Test
	void rule7_aNodeThatComesBackLaterThanTheOthersAfterAnOutageForAllIsNotIsolated() {
		away(100, new PeerView(0, 2));
		assertThat(away(40, ALL)).isEqualTo(State.AWAY);
		assertThat(away(1, ALL)).isEqualTo(State.ISOLATED);
	}

	@Test
	void theOthersMustReachTheRelayForTheTimeAsWell() {
		away(2, ALL);
		away(2, new PeerView(0, 2));
		away(6, ALL);
		assertThat(away(2, ALL)).as("two lost looks").isEqualTo(State.ISOLATED);
		setBack();
		away(8, PeerView.NONE);
		assertThat(away(10, ALL)).isEqualTo(State.AWAY);
		assertThat(away(1, ALL)).isEqualTo(State.ISOLATED);
	}

	@Test
	void noNodeIsIsolatedWhileItKnowsNothingOfOthers() {
		assertThat(away(500, null)).isEqualTo(State.AWAY);
		assertThat(away(500, PeerView.NONE)).isEqualTo(State.AWAY);
	}

	@Test
	void halfOfTheFleetMustReachTheRelay() {
		assertThat(new PeerView(1, 1).isEnough(1)).isTrue();
		assertThat(new PeerView(1, 2).isEnough(1)).isFalse();
		assertThat(new PeerView(2, 3).isEnough(1)).isTrue();
		assertThat(new PeerView(4, 9).isEnough(1)).isFalse();
		assertThat(new PeerView(5, 9).isEnough(1)).isTrue();
		assertThat(new PeerView(2, 2).isEnough(3)).isFalse();
		assertThat(new PeerView(0, 0).isEnough(1)).isFalse();
	}

	@Test
	void moreThanHalfOfAFleetIsNeverIsolated() {
		for (int nodes = 2; nodes <= 50; nodes++) {
			for (int reaching = 0; reaching < nodes; reaching++) {
				boolean others = new PeerView(reaching, nodes - 1).isEnough(1);
				assertThat(others).isEqualTo(2 * reaching >= nodes && reaching > 0);
			}
		}
	}

	@Test
	void aRelayThatIsBackInTimeStartsTheTimeAnew() {
		away(9, ALL);
		assertThat(back(1)).isEqualTo(State.CONNECTED);
		assertThat(away(11, ALL)).isEqualTo(State.AWAY);
		assertThat(away(1, ALL)).isEqualTo(State.ISOLATED);
	}

	@Test
	void aNodeThatIsBackTakesClientsAfterATimeWithoutALoss() {
		away(12, ALL);
		assertThat(back(5)).isEqualTo(State.RETURNING);
		assertThat(away(1, ALL)).isEqualTo(State.ISOLATED);
		assertThat(back(5)).isEqualTo(State.RETURNING);
		assertThat(this.isolation.state().isIsolated()).isTrue();
		assertThat(back(1)).isEqualTo(State.CONNECTED);
	}

	@Test
	void aConnectionThatOnlyLooksOpenIsNoReturn() {
		away(12, ALL);
		this.second++;
		assertThat(this.isolation.step(now(), true, false, null)).isEqualTo(State.ISOLATED);
	}

	@Test
	void aNodeIsNotIsolatedAgainBeforeThePauseIsOver() {
		away(12, ALL);
		assertThat(back(7)).isEqualTo(State.CONNECTED);
		assertThat(away(58, ALL)).isEqualTo(State.AWAY);
		assertThat(away(2, ALL)).isEqualTo(State.ISOLATED);
	}

	@Test
	void anIsolationEndsWhenTheOthersDoNotReachTheRelayEither() {
		away(12, ALL);
		assertThat(away(2, new PeerView(0, 2))).isEqualTo(State.ISOLATED);
		assertThat(away(1, ALL)).as("one lost look").isEqualTo(State.ISOLATED);
		assertThat(away(3, new PeerView(0, 2))).isEqualTo(State.AWAY);
		assertThat(away(20, ALL)).as("the pause").isEqualTo(State.AWAY);
	}

	@Test
	void whatOthersSayMustBeAboutTheTimeAfterTheLoss() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new IsolationOptions(Duration.ofSeconds(9), Duration.ZERO, Duration.ZERO,
					Duration.ofSeconds(2), 1, Duration.ZERO))
			.withMessageContaining("5 intervals");
	}

	@Test
	void clientsLeaveEvenlyOverTheTimeAndAfterwardsAtTheSamePace() {
		DrainProgress leaving = new DrainProgress(0, 1_000, 0);
		for (int i = 1; i <= 10; i++) {
			int due = leaving.due(TimeUnit.MILLISECONDS.toNanos(500L * i), Duration.ofSeconds(5));
			assertThat(due).isEqualTo(100);
			leaving = leaving.plus(due);
		}
		assertThat(leaving.due(TimeUnit.MILLISECONDS.toNanos(5_500), Duration.ofSeconds(5))).isEqualTo(100);
		assertThat(new DrainProgress(0, 0, 0).due(TimeUnit.SECONDS.toNanos(1), Duration.ofSeconds(5))).isEqualTo(20);
		assertThat(new DrainProgress(0, 9, 5).due(1, Duration.ZERO)).isEqualTo(Integer.MAX_VALUE);
	}

	/** So many seconds without the relay. */
	private State away(int seconds, @Nullable PeerView view) {
		for (int i = 0; i < seconds; i++) {
			this.second++;
			this.isolation.step(now(), false, false, view);
		}
		return this.isolation.state();
	}

	/** As if nothing had happened for long. */
	private void setBack() {
		back(20);
		this.second += 1_000;
	}

	private State back(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.second++;
			this.isolation.step(now(), true, true, null);
		}
		return this.isolation.state();
	}

	private long now() {
		return TimeUnit.SECONDS.toNanos(this.second);
	}

}
