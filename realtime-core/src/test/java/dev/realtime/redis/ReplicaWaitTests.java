package dev.realtime.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.VirtualEnvironment;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What its callers are told when its connection cannot be had. */
class ReplicaWaitTests {

	private static final byte[] KEY = { 'k' };

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loop loop = new Loops(this.environment, Loops.STALLED_AFTER).loop("realtime-test");

	private final AtomicInteger attempts = new AtomicInteger();

	@AfterEach
	void close() {
		var unused = this.loop.close(Duration.ZERO);
	}

	@Test
	void rule9_anOpeningThatThrowsIsTriedAgainAndFailsTheCallInTime() {
		CompletionStage<Confirmation> asked = ask(() -> {
			this.attempts.incrementAndGet();
			throw new IllegalStateException("on purpose");
		});

		assertFailsInTime(asked);
		assertThat(this.attempts.get()).isGreaterThan(1);
	}

	@Test
	void rule9_anOpeningThatNeverEndsFailsTheCallInTime() {
		CompletionStage<Confirmation> asked = ask(() -> {
			this.attempts.incrementAndGet();
			return new CompletableFuture<>();
		});

		assertFailsInTime(asked);
		assertThat(this.attempts).hasValue(1);
	}

	private void assertFailsInTime(CompletionStage<Confirmation> asked) {
		this.environment.advance(Duration.ofMillis(299));
		assertThat(asked.toCompletableFuture()).isNotDone();
		this.environment.advance(Duration.ofMillis(51));
		assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
		assertThatThrownBy(() -> asked.toCompletableFuture().get(0, TimeUnit.SECONDS))
			.hasCauseInstanceOf(RedisConnectionException.class);
	}

	private CompletionStage<Confirmation> ask(
			Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opening) {
		ReplicaWait replicas = new ReplicaWait(opening, this.loop, Duration.ofMillis(200));
		this.loop.every(Duration.ofMillis(50), replicas::expire);
		return replicas.confirm(KEY, 1, Duration.ofMillis(100));
	}

}
