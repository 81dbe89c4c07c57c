package dev.realtime.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VirtualEnvironmentTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualEnvironment environment = new VirtualEnvironment(42);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final List<String> done = new ArrayList<>();

	@Test
	void timeMovesOnlyWhenTold() {
		Loop loop = this.loops.loop("a");
		long start = this.environment.nanoTime();
		Instant began = this.environment.clock().instant();
		loop.after(SECOND, () -> this.done.add("a"));
		this.environment.runDue();
		assertThat(this.done).isEmpty();
		assertThat(this.environment.nanoTime()).isEqualTo(start);

		this.environment.advance(SECOND.minusNanos(1));
		assertThat(this.done).isEmpty();
		this.environment.advance(Duration.ofNanos(1));
		assertThat(this.done).containsExactly("a");
		assertThat(this.environment.nanoTime() - start).isEqualTo(SECOND.toNanos());
		assertThat(this.environment.clock().instant()).isEqualTo(began.plus(SECOND));
	}

	@Test
	void aPeriodicTaskRunsAtItsTimesHoweverMuchTimePassesAtOnce() {
		List<Long> times = new ArrayList<>();
		long start = this.environment.nanoTime();
		this.loops.loop("a").every(SECOND, () -> times.add(this.environment.nanoTime() - start));
		this.environment.advance(Duration.ofDays(1));
		assertThat(times).hasSize(86_400)
			.containsExactlyElementsOf(
					LongStream.rangeClosed(1, 86_400).map((i) -> i * SECOND.toNanos()).boxed().toList());
	}

	@Test
	void aSeedDecidesWhichLoopIsNextAndEachLoopKeepsItsOrder() {
		List<String> first = order(1);
		assertThat(order(1)).isEqualTo(first);
		assertThat(LongStream.range(2, 12).mapToObj(VirtualEnvironmentTests::order))
			.anyMatch((each) -> !each.equals(first));
		LongStream.range(0, 50).mapToObj(VirtualEnvironmentTests::order).forEach((each) -> {
			assertThat(each.stream().filter((task) -> task.startsWith("a"))).containsExactly("a0", "a1", "a2", "a3");
			assertThat(each.stream().filter((task) -> task.startsWith("b"))).containsExactly("b0", "b1", "b2", "b3");
		});
	}

	private static List<String> order(long seed) {
		VirtualEnvironment environment = new VirtualEnvironment(seed);
		Loops loops = new Loops(environment, Loops.STALLED_AFTER);
		List<String> done = new ArrayList<>();
		Loop a = loops.loop("a");
		Loop b = loops.loop("b");
		IntStream.range(0, 4).forEach((i) -> {
			a.execute(() -> done.add("a" + i));
			b.execute(() -> done.add("b" + i));
		});
		environment.runDue();
		return done;
	}

	@Test
	void aSeedDecidesWhatIsRandom() {
		VirtualEnvironment same = new VirtualEnvironment(42);
		VirtualEnvironment other = new VirtualEnvironment(43);
		assertThat(same.uuid()).isEqualTo(this.environment.uuid()).isNotEqualTo(other.uuid());
		assertThat(same.random().nextLong()).isEqualTo(this.environment.random().nextLong())
			.isNotEqualTo(other.random().nextLong());
	}

	@Test
	void aTaskThatWaitsLetsOtherLoopsRunAndTimePassButNotItsOwnLoop() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		Loop waits = this.loops.loop("waits");
		waits.execute(() -> {
			try {
				this.done.add(this.environment.await(answer, Duration.ofSeconds(3)));
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		});
		waits.execute(() -> this.done.add("next"));
		this.loops.loop("answers").after(Duration.ofSeconds(2), () -> answer.complete("answer"));
		long start = this.environment.nanoTime();
		this.environment.runDue();
		assertThat(this.done).containsExactly("answer", "next");
		assertThat(this.environment.nanoTime() - start).isEqualTo(Duration.ofSeconds(2).toNanos());
	}

	@Test
	void aWaitEndsWhenItsTimeIsOver() {
		long start = this.environment.nanoTime();
		assertThatThrownBy(() -> this.environment.await(new CompletableFuture<>(), SECOND))
			.isInstanceOf(TimeoutException.class);
		assertThat(this.environment.nanoTime() - start).isEqualTo(SECOND.toNanos());
		assertThatThrownBy(() -> this.environment.join(new CompletableFuture<>()))
			.isInstanceOf(IllegalStateException.class);
	}

	@Test
	void aLoopThatClosesRunsWhatWasGivenAndDropsWhatIsDelayed() {
		Loop loop = this.loops.loop("a");
		loop.execute(() -> this.done.add("now"));
		loop.after(SECOND, () -> this.done.add("later"));
		loop.every(SECOND, () -> this.done.add("again"));
		assertThat(loop.close(SECOND)).isTrue();
		assertThat(loop.tryExecute(() -> this.done.add("too late"))).isFalse();
		this.environment.advance(Duration.ofMinutes(1));
		assertThat(this.done).containsExactly("now");
	}

	@Test
	void rule9_anErrorOfATaskEndsThatTaskAlone() {
		Loop loop = this.loops.loop("a");
		loop.every(SECOND, () -> {
			this.done.add("run");
			throw new OutOfMemoryError("simulated");
		});
		this.environment.advance(Duration.ofSeconds(3));
		assertThat(this.done).hasSize(3);
		assertThat(loop.state().failures()).isEqualTo(3);
	}

	@Test
	void aRunOfTasksThatWakeEachOtherForEverIsEnded() {
		VirtualEnvironment bounded = new VirtualEnvironment(42, 1_000);
		Loop loop = new Loops(bounded, Loops.STALLED_AFTER).loop("restless");
		Runnable[] again = new Runnable[1];
		again[0] = () -> loop.after(Duration.ofNanos(1), again[0]);
		again[0].run();
		assertThatThrownBy(() -> bounded.advance(SECOND)).isInstanceOf(VirtualEnvironment.TooManyStepsException.class)
			.hasMessageContaining("1000 tasks")
			.hasMessageContaining("restless");
		assertThat(bounded.steps()).isEqualTo(1_000);
	}

	@Test
	void aTaskThatWaitsForEverIsEndedWithItsRun() {
		VirtualEnvironment bounded = new VirtualEnvironment(42, 1_000);
		Loops two = new Loops(bounded, Loops.STALLED_AFTER);
		two.loop("clock").every(Duration.ofMillis(1), () -> this.done.add("tick"));
		two.loop("waits").execute(() -> {
			while (true) {
				bounded.pause(SECOND);
			}
		});
		assertThatThrownBy(() -> bounded.advance(SECOND)).isInstanceOf(VirtualEnvironment.TooManyStepsException.class);
	}

	@Test
	void theWallClockCanBeSetBackWithoutALoopNoticing() {
		Instant before = this.environment.clock().instant();
		this.loops.loop("a").after(SECOND, () -> this.done.add("a"));
		this.environment.shiftClock(Duration.ofHours(-1));
		this.environment.advance(SECOND);
		assertThat(this.done).containsExactly("a");
		assertThat(this.environment.clock().instant()).isEqualTo(before.minus(Duration.ofHours(1)).plus(SECOND));
	}

	@Test
	void aThreadOutsideOfTheSimulationIsRefused() throws InterruptedException {
		Loop loop = this.loops.loop("a");
		List<Throwable> failures = new ArrayList<>();
		Thread thread = new Thread(() -> loop.execute(() -> this.done.add("a")));
		thread.setUncaughtExceptionHandler((each, failure) -> failures.add(failure));
		thread.start();
		thread.join();
		assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
		this.environment.runDue();
		assertThat(this.done).isEmpty();
	}

}
