package dev.realtime.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The time limit of commands, checked every 50 ms. */
class InFlightTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final InFlight inFlight = new InFlight(Duration.ofSeconds(2), this.environment);

	private final CompletableFuture<String> answer = new CompletableFuture<>();

	@Test
	void aCommandWithoutAnAnswerFailsAfterTheTimeLimit() {
		this.inFlight.add("publish", this.answer);
		assertThat(expiresWithin(1_950)).isFalse();
		assertThat(expiresWithin(50)).isTrue();
		assertThat(this.answer).isCompletedExceptionally();
		assertThat(this.answer.handle((done, failure) -> failure).join()).isInstanceOf(TimeoutException.class)
			.hasMessage("Redis did not answer publish within PT2S");
	}

	@Test
	void answersThatWaitedWhileTheProcessWasStoppedAreReadFirst() {
		this.inFlight.add("publish", this.answer);
		stop(3_000);
		assertThat(this.inFlight.expire()).isFalse();
		assertThat(expiresWithin(200)).isFalse();
		this.answer.complete("read");
		assertThat(expiresWithin(1_000)).isFalse();
		assertThat(this.answer).isCompletedWithValue("read");
	}

	@Test
	void whatIsNotAnsweredThenFails() {
		this.inFlight.add("publish", this.answer);
		stop(3_000);
		assertThat(this.inFlight.expire()).isFalse();
		assertThat(expiresWithin(250)).isTrue();
		assertThat(this.answer).isCompletedExceptionally();
	}

	/** Also where each check comes late, on a machine that has too much to do. */
	@Test
	void rule8_stopsAddOneMomentToTheTimeLimitAtMost() {
		this.inFlight.add("publish", this.answer);
		long waited = 0;
		while (!this.inFlight.expire()) {
			stop(300);
			waited += 300;
		}
		assertThat(waited).isBetween(2_000L, 2_000L + 250 + 300);
	}

	private boolean expiresWithin(int millis) {
		boolean expired = false;
		for (int i = 0; i < millis; i += 50) {
			stop(50);
			expired |= this.inFlight.expire();
		}
		return expired;
	}

	private void stop(int millis) {
		this.environment.advance(Duration.ofMillis(millis));
	}

}
