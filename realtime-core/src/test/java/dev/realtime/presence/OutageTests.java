package dev.realtime.presence;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutageTests {

	private final AtomicLong seconds = new AtomicLong(Long.MAX_VALUE / 1_000_000_000 - 20);

	private final Outage outage = new Outage(Duration.ofSeconds(90),
			() -> Duration.ofSeconds(1).toNanos() * this.seconds.get(), new AtomicInteger());

	@Test
	void findsLeavesFromTheStart() {
		assertThat(this.outage.mayFindLeaves()).isTrue();
		assertThat(this.outage.succeeded()).isZero();
	}

	@Test
	void givesTheOthersAsMuchTimeAsRedisWasAway() {
		this.outage.failed(new IllegalStateException("away"));
		pass(10);
		this.outage.failed(new IllegalStateException("still away"));
		pass(20);
		assertThat(this.outage.mayFindLeaves()).isFalse();
		assertThat(this.outage.succeeded()).isEqualTo(Duration.ofSeconds(30).toNanos());
		pass(29);
		assertThat(this.outage.mayFindLeaves()).isFalse();
		pass(1);
		assertThat(this.outage.mayFindLeaves()).isTrue();
	}

	@Test
	void givesTheOthersALeaseAtMost() {
		this.outage.failed(new IllegalStateException("away"));
		pass(1_000);
		this.outage.succeeded();
		pass(89);
		assertThat(this.outage.mayFindLeaves()).isFalse();
		pass(1);
		assertThat(this.outage.mayFindLeaves()).isTrue();
	}

	private void pass(long seconds) {
		this.seconds.addAndGet(seconds);
	}

}
