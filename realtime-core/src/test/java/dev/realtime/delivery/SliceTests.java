package dev.realtime.delivery;

import java.time.Duration;

import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SliceTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Slice slice = new Slice(this.environment);

	@Test
	void endsAfterAFixedNumberWhereTimeStandsStill() {
		this.slice.begin();
		for (int done = Slice.PART; done < Slice.MOST; done += Slice.PART) {
			assertThat(this.slice.isOverAfter(Slice.PART)).as("after %d", done).isFalse();
		}
		assertThat(this.slice.isOverAfter(Slice.PART)).isTrue();
	}

	@Test
	void endsAfterItsTimeWhereWritesAreSlow() {
		this.slice.begin();
		this.environment.advance(Duration.ofNanos(Slice.LONGEST_NANOS - 1));
		assertThat(this.slice.isOverAfter(1)).isFalse();
		this.environment.advance(Duration.ofNanos(1));
		assertThat(this.slice.isOverAfter(1)).isTrue();
		this.slice.begin();
		assertThat(this.slice.isOverAfter(1)).isFalse();
	}

}
