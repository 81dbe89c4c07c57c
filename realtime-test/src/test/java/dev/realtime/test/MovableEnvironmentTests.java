package dev.realtime.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is due in the time that is skipped runs at once, on threads that wait. */
class MovableEnvironmentTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private final MovableEnvironment environment = new MovableEnvironment();

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final Loop loop = this.loops.loop("movable-" + NUMBER.incrementAndGet());

	private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void close() {
		this.loop.close();
	}

	@RepeatedTest(20)
	void aThreadThatWaitsForATaskRunsItWhenItsTimeIsSkipped() {
		this.loop.after(HOUR, () -> this.ran.add("due"));
		this.loop.after(HOUR.plusMinutes(2), () -> this.ran.add("later"));
		await().until(this::waits);
		this.environment.advance(HOUR.plusMinutes(1));
		assertThat(this.ran).containsExactly("due");
		this.environment.advance(Duration.ofMinutes(1));
		assertThat(this.ran).containsExactly("due", "later");
	}

	@Test
	void nothingRunsBeforeItsTime() {
		this.loop.after(HOUR, () -> this.ran.add("due"));
		this.environment.advance(HOUR.minusMinutes(1));
		assertThat(this.ran).isEmpty();
	}

	@Test
	void whatIsDueRunsInTheOrderOfItsTimes() {
		this.loop.after(Duration.ofMinutes(3), () -> this.ran.add("3"));
		this.loop.after(Duration.ofMinutes(1), () -> this.ran.add("1"));
		this.loop.after(Duration.ofMinutes(2), () -> this.ran.add("2"));
		this.environment.advance(HOUR);
		assertThat(this.ran).containsExactly("1", "2", "3");
	}

	@Test
	void aPeriodicTaskRunsOnceAndGoesOn() {
		AtomicInteger runs = new AtomicInteger();
		this.loop.every(HOUR, runs::incrementAndGet);
		this.environment.advance(HOUR.multipliedBy(3));
		assertThat(runs).hasValue(1);
		this.environment.advance(HOUR);
		assertThat(runs).hasValue(2);
	}

	@RepeatedTest(20)
	void severalThreadsRunWhatIsDueSideBySide() throws InterruptedException {
		Loop several = this.loops.loop("several", 3);
		CountDownLatch together = new CountDownLatch(3);
		for (int i = 0; i < 3; i++) {
			several.after(HOUR, () -> {
				together.countDown();
				awaitAll(together);
			});
		}
		this.environment.advance(HOUR);
		assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
		several.close();
	}

	/** Whether the loop's thread waits for its first task. */
	private boolean waits() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch(
					(each) -> each.getName().equals(this.loop.name()) && each.getState() == Thread.State.TIMED_WAITING);
	}

	private static void awaitAll(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
