package dev.realtime.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How many reads of clients are under way, wait, and are refused. */
class BoundedReadsTests {

	private final BoundedReads reads = new BoundedReads(2, 3);

	private final List<CompletableFuture<Integer>> started = new ArrayList<>();

	private CompletableFuture<Integer> read() {
		return this.reads.run(this::begin).toCompletableFuture();
	}

	private CompletionStage<Integer> begin() {
		CompletableFuture<Integer> read = new CompletableFuture<>();
		this.started.add(read);
		return read;
	}

	@Test
	void rule8_someAreUnderWaySomeWaitAndOthersAreRefused() {
		List<CompletableFuture<Integer>> asked = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			asked.add(read());
		}
		CompletableFuture<Integer> sixth = read();
		assertThat(this.started).hasSize(2);
		assertThat(this.reads.underWay()).isEqualTo(2);
		assertThat(this.reads.waiting()).isEqualTo(3);
		assertThatThrownBy(sixth::join).hasCauseInstanceOf(BoundedReads.RefusedException.class);
		for (int i = 0; i < 5; i++) {
			this.started.get(i).complete(i);
			assertThat(asked.get(i).join()).isEqualTo(i);
		}
		assertThat(this.reads.underWay()).isZero();
		assertThat(this.reads.waiting()).isZero();
	}

	@Test
	void aReadThatFailsOrThrowsMakesRoomAsWell() {
		CompletableFuture<Integer> fails = read();
		CompletableFuture<Integer> other = read();
		CompletableFuture<Integer> throwing = this.reads.<Integer>run(() -> {
			throw new IllegalStateException("on purpose");
		}).toCompletableFuture();
		CompletableFuture<Integer> last = read();
		this.started.get(0).completeExceptionally(new IllegalArgumentException("on purpose"));
		assertThatThrownBy(fails::join).hasCauseInstanceOf(IllegalArgumentException.class);
		assertThatThrownBy(throwing::join).hasCauseInstanceOf(IllegalStateException.class);
		this.started.get(1).complete(1);
		this.started.get(2).complete(2);
		assertThat(other.join()).isEqualTo(1);
		assertThat(last.join()).isEqualTo(2);
		assertThat(this.reads.underWay()).isZero();
	}

	@Test
	void manyThatEndAtOnceDoNotNest() {
		BoundedReads many = new BoundedReads(1, 100_000);
		CompletableFuture<Integer> first = new CompletableFuture<>();
		AtomicInteger done = new AtomicInteger();
		List<CompletionStage<Void>> all = new ArrayList<>(
				List.of(many.run(() -> first).thenAccept((one) -> done.incrementAndGet())));
		for (int i = 0; i < 50_000; i++) {
			all.add(many.run(() -> CompletableFuture.completedStage(1)).thenAccept((one) -> done.incrementAndGet()));
		}
		first.complete(1);
		assertThat(done).hasValue(50_001);
		assertThat(all).hasSize(50_001);
	}

	@RepeatedTest(20)
	void rule8_neverMoreThanAllowedAtTheSameTime() {
		BoundedReads bounded = new BoundedReads(3, 1_000);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		AtomicInteger now = new AtomicInteger();
		AtomicInteger highest = new AtomicInteger();
		List<CompletableFuture<Integer>> all = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			all.add(CompletableFuture.supplyAsync(() -> bounded.run(() -> CompletableFuture.supplyAsync(() -> {
				highest.accumulateAndGet(now.incrementAndGet(), Math::max);
				Thread.onSpinWait();
				return now.decrementAndGet();
			}, threads)), threads).thenCompose((stage) -> stage));
		}
		all.forEach(CompletableFuture::join);
		threads.shutdown();
		assertThat(highest.get()).isBetween(1, 3);
		assertThat(bounded.underWay()).isZero();
	}

}
