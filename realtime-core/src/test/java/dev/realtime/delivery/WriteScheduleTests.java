package dev.realtime.delivery;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** When a shard writes; all times are the test's own. */
class WriteScheduleTests {

	private static final int MANY = 1_000;

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	/** Any time at all, far after the pace was made. */
	private final long start = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

	private final WriteSchedule pace = new WriteSchedule(System.nanoTime());

	@Test
	void whoHasNotWrittenYetWritesAtOnce() {
		assertThat(this.pace.wait(this.start, MANY, MANY)).isZero();
	}

	@Test
	void whoWasIdleForAsLongAsItWroteWritesAtOnce() {
		this.pace.wrote(this.start, this.start + MILLI, true);
		assertThat(this.pace.wait(this.start + 2 * MILLI, MANY, MANY)).isZero();
	}

	@Test
	void nobodyWaitsForWhatDoesNotCome() {
		this.pace.wrote(this.start, this.start + MILLI, false);
		assertThat(this.pace.wait(this.start + MILLI + 1, MANY, MANY)).isZero();
	}

	@Test
	void whoIsBusyWaitsAsLongAsItsLastWritesTook() {
		this.pace.wrote(this.start, this.start + MILLI, true);
		assertThat(this.pace.wait(this.start + MILLI + 1, MANY, MANY)).isEqualTo(MILLI);
	}

	@ParameterizedTest
	@ValueSource(longs = { 5, 6, 1_000 })
	void nobodyWaitsLongerThanFiveMilliseconds(long millis) {
		this.pace.wrote(this.start, this.start + millis * MILLI, true);
		assertThat(this.pace.wait(this.start + millis * MILLI, MANY, MANY)).isEqualTo(5 * MILLI);
	}

	@Test
	void aWaitEndsWhenItsTimeHasComeHoweverMuchComesMeanwhile() {
		this.pace.wrote(this.start, this.start + MILLI, true);
		long began = this.start + MILLI;
		assertThat(this.pace.wait(began, MANY, MANY)).isEqualTo(MILLI);
		for (int i = 1; i < 10; i++) {
			assertThat(this.pace.wait(began + i * MILLI / 10, MANY, MANY)).isEqualTo(-1);
		}
		assertThat(this.pace.wait(began + MILLI, MANY, MANY)).isZero();
	}

	@Test
	void fewWritesNeverWait() {
		this.pace.wrote(this.start, this.start + MILLI, true);
		assertThat(this.pace.wait(this.start + MILLI, 31, MANY)).isZero();
	}

	@Test
	void tooMuchWorkEndsAWaitBeforeItsTime() {
		this.pace.wrote(this.start, this.start + MILLI, true);
		long now = this.start + MILLI;
		assertThat(this.pace.wait(now, MANY, MANY)).isPositive();
		assertThat(this.pace.wait(now + 1, MANY, WriteSchedule.MAX_OFFERS)).isZero();
	}

	@Test
	void aBusyShardSpendsAtLeastHalfOfItsTimeOnWriting() {
		long now = this.start;
		long wrote = 0;
		for (int round = 0; round < 100; round++) {
			long wait = this.pace.wait(now, MANY, MANY);
			assertThat(wait).isNotNegative();
			now += wait;
			assertThat(this.pace.wait(now, MANY, MANY)).isZero();
			this.pace.wrote(now, now + MILLI, true);
			now += MILLI;
			wrote += MILLI;
		}
		assertThat(wrote).isGreaterThanOrEqualTo((now - this.start) / 2);
	}

}
