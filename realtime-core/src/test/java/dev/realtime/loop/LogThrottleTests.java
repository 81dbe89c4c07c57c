package dev.realtime.loop;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogThrottleTests {

	private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

	private final LogThrottle pace = new LogThrottle(Environment.system());

	@Test
	void rule8_theFirstTimeIsLoggedAndThenOnceAMinuteWithTheNumber() {
		assertThat(this.pace.add(0, true)).isEqualTo(1);
		for (int i = 1; i <= 1_000; i++) {
			assertThat(this.pace.add(i, true)).isZero();
		}
		assertThat(this.pace.add(MINUTE, true)).isEqualTo(1_001);
		assertThat(this.pace.count()).isEqualTo(1_002);
	}

	@Test
	void whatMayNotBeLoggedIsCounted() {
		assertThat(this.pace.add(0, false)).isZero();
		assertThat(this.pace.add(1, true)).isEqualTo(2);
	}

}
