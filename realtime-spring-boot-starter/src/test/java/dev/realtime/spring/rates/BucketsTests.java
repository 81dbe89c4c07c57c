package dev.realtime.spring.rates;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.RatesProperties;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The refusals of a user or an address, which any thread may count. */
class BucketsTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final Clock clock = new Clock();

	private final Buckets buckets = new Buckets(
			new RateTable(new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("realtime.rates",
					RatesProperties.class), 1, SynchronizationStrategy.LOCK_FREE, this.clock, false));

	@Test
	void nobodyIsRefusedAtFirstAndAgainWhenTheTimeIsOver() {
		assertThat(this.buckets.refusedFor()).isZero();
		this.buckets.refuse(SECOND);
		assertThat(this.buckets.refusedFor()).isEqualTo(SECOND);
		assertThat(this.buckets.isUnused()).isFalse();
		this.clock.now += SECOND;
		assertThat(this.buckets.refusedFor()).isZero();
		assertThat(this.buckets.isUnused()).isTrue();
	}

	@Test
	void aRefusalThatComesWhileTheLastOneIsSeenToBeOverCounts() {
		this.buckets.refuse(SECOND);
		this.clock.now += 2 * SECOND;
		this.clock.whileAsked = () -> this.buckets.refuse(SECOND);
		assertThat(this.buckets.refusedFor()).isZero();
		assertThat(this.buckets.refusedFor()).isEqualTo(SECOND);
	}

	/** Stands still, and may be asked while something happens. */
	private static final class Clock implements TimeMeter {

		long now = Long.MAX_VALUE - SECOND / 2;

		Runnable whileAsked = () -> {
		};

		@Override
		public long currentTimeNanos() {
			Runnable meanwhile = this.whileAsked;
			this.whileAsked = () -> {
			};
			meanwhile.run();
			return this.now;
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
