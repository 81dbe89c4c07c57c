package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Between listeners of a session's events and its end. */
class SubscriptionIdsTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final SubscriptionIds ids = new SubscriptionIds();

	/** The common pool has one thread on two processors, from JDK 25 on. */
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void theEndWaitsForWhatRuns() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		List<String> order = new ArrayList<>();
		CompletableFuture<Boolean> listener = CompletableFuture.supplyAsync(() -> this.ids.unlessEnded(LONG, () -> {
			begun.countDown();
			await(goOn);
			order.add("listener");
		}), this.threads);
		await(begun);
		CompletableFuture<Thread> end = CompletableFuture.supplyAsync(() -> {
			goOn.countDown();
			Thread late = this.ids.end(LONG);
			order.add("end");
			return late;
		}, this.threads);
		assertThat(end.get(20, TimeUnit.SECONDS)).isNull();
		assertThat(order).containsExactly("listener", "end");
		assertThat(listener).succeedsWithin(LONG);
	}

	@Test
	void rule9_twoListenersThatEndEachOthersSessionsWaitNoLongerThanTheirPatience() {
		SubscriptionIds other = new SubscriptionIds();
		CountDownLatch both = new CountDownLatch(2);
		CompletableFuture<Boolean> one = endsWithin(this.ids, other, both);
		CompletableFuture<Boolean> two = endsWithin(other, this.ids, both);
		assertThat(one).succeedsWithin(LONG);
		assertThat(two).succeedsWithin(LONG);
	}

	@Test
	void saysInWhichThreadAListenerIsLate() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CompletableFuture<Thread> listener = CompletableFuture.supplyAsync(() -> {
			boolean unused = this.ids.unlessEnded(LONG, () -> {
				begun.countDown();
				await(goOn);
			});
			return Thread.currentThread();
		}, this.threads);
		await(begun);
		Thread late = this.ids.end(Duration.ofMillis(10));
		goOn.countDown();
		assertThat(late).isSameAs(listener.get(20, TimeUnit.SECONDS));
	}

	@Test
	void aListenerMayEndItsOwnSession() {
		List<String> order = new ArrayList<>();
		assertThat(this.ids.unlessEnded(LONG, () -> {
			assertThat(this.ids.end(LONG)).isNull();
			assertThat(this.ids.unlessEnded(LONG, () -> order.add("after the end"))).isFalse();
			order.add("listener");
		})).isFalse();
		assertThat(order).containsExactly("listener");
	}

	@Test
	void oneRunsAtATime() throws Exception {
		int[] count = { 0 };
		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			all.add(CompletableFuture.runAsync(() -> {
				for (int j = 0; j < 1_000; j++) {
					assertThat(this.ids.unlessEnded(LONG, () -> count[0]++)).isTrue();
				}
			}, this.threads));
		}
		CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		assertThat(count[0]).isEqualTo(4_000);
	}

	@Test
	void whatIsThrownEndsTheWait() {
		assertThatThrownBy(() -> this.ids.unlessEnded(LONG, () -> {
			throw new IllegalStateException("broken");
		})).hasMessage("broken");
		assertThat(CompletableFuture.supplyAsync(() -> this.ids.unlessEnded(LONG, () -> {
		}), this.threads).join()).isTrue();
	}

	private CompletableFuture<Boolean> endsWithin(SubscriptionIds own, SubscriptionIds other, CountDownLatch both) {
		return CompletableFuture.supplyAsync(() -> own.unlessEnded(LONG, () -> {
			both.countDown();
			await(both);
			Thread unused = other.end(Duration.ofMillis(10));
		}), this.threads);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
