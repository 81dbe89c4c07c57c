package dev.realtime.spring.websocket;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When a silent client is pinged, and how long its answer takes. */
class PingsTests {

	private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

	private final AtomicInteger sent = new AtomicInteger();

	private final Pings pings = new Pings(INTERVAL, this.sent::incrementAndGet);

	@Test
	void theRoundTripIsUnknownUntilAPingIsAnswered() {
		assertThat(this.pings.roundTrip()).isNull();
		this.pings.answered();
		assertThat(this.pings.roundTrip()).isNull();
		assertThat(this.pings.probe(INTERVAL)).isTrue();
		assertThat(this.sent).hasValue(1);
		assertThat(this.pings.roundTrip()).isNull();
		this.pings.answered();
		assertThat(this.pings.roundTrip()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
	}

	@Test
	void aPongThatAnswersNoPingChangesNothing() {
		assertThat(this.pings.probe(INTERVAL)).isTrue();
		this.pings.answered();
		Duration first = Objects.requireNonNull(this.pings.roundTrip());
		long end = System.nanoTime() + Duration.ofMillis(2).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		this.pings.answered();
		assertThat(this.pings.roundTrip()).isEqualTo(first);
	}

}
