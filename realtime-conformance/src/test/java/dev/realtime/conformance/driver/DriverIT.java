package dev.realtime.conformance.driver;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The process that drives a client. */
class DriverIT {

	private static final int EVENTS = 10_000;

	@Test
	void whatTheProcessWroteBeforeItEndedIsReported() throws IOException {
		String script = "process.stdout.write('{\"event\":\"error\"}\\n'.repeat(" + EVENTS
				+ ")); console.error('the end')";
		try (Driver driver = new Driver(List.of("node", "--eval", script))) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> !driver.isRunning());
			assertThat(driver.events()).hasSize(EVENTS);
			assertThat(driver.errors()).containsExactly("the end");
		}
	}

}
