package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.connection.RecordingTransport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How long a drain took, and who was left. */
class DrainTimesTests extends VirtualNodeFixture {

	private final List<Drained> told = new ArrayList<>();

	@Test
	void theDrainIsToldOnceWhenTheLastClientIsGone() {
		start();
		for (int i = 0; i < 10; i++) {
			connect("c" + i);
		}
		this.node.drain(Duration.ofSeconds(4), Duration.ofSeconds(20));

		assertThat(this.told).hasSize(1).first().satisfies((drained) -> {
			assertThat(drained.left).isZero();
			assertThat(drained.time).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
		});
		this.node.drain(Duration.ofSeconds(4), Duration.ofSeconds(20));
		assertThat(this.told).hasSize(1);
	}

	@Test
	void whoDoesNotEndInTimeIsCounted() {
		start();
		RecordingTransport stuck = new RecordingTransport();
		this.node.hub().connect("stuck", stuck).introduce(null, true, Duration.ZERO, Duration.ZERO);
		stuck.stopReading();
		this.node.drain(Duration.ZERO, Duration.ofSeconds(1));

		assertThat(this.told).hasSize(1).first().satisfies((drained) -> {
			assertThat(drained.left).isOne();
			assertThat(drained.time).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
		});
	}

	@Test
	void rule9_aListenerThatThrowsDoesNotKeepTheNodeFromStopping() {
		start();
		this.node.onDrained((nanos, left) -> {
			throw new AssertionError("on purpose");
		});
		this.node.drain(Duration.ZERO, Duration.ofSeconds(1));

		assertThat(this.node.isServing()).isFalse();
	}

	private void start() {
		this.node.onDrained((nanos, left) -> this.told.add(new Drained(Duration.ofNanos(nanos), left)));
		this.node.start();
	}

	private record Drained(Duration time, int left) {
	}

}
