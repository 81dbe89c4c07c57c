package dev.realtime.spring.stream;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Spring is told of one stream. */
class StepsTests {

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

	private final List<String> done = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.timer.shutdownNow();
	}

	@Test
	void rule9_aStepThatFailsEndsItsStreamAndTheNextOneIsDone() {
		Steps steps = new Steps(this.handedOver::add, this.timer, () -> this.done.add("closed"));
		steps.add(() -> {
			throw new OutOfMemoryError("on purpose");
		});
		steps.add(() -> this.done.add("end"));
		this.handedOver.remove().run();
		assertThat(this.done).containsExactly("closed", "end");
	}

	@Test
	void rule9_aFailingCloseIsNoReasonToStopEither() {
		Steps steps = new Steps(this.handedOver::add, this.timer, () -> {
			throw new StackOverflowError("on purpose");
		});
		steps.add(() -> {
			throw new AssertionError("on purpose");
		});
		steps.add(() -> this.done.add("end"));
		this.handedOver.remove().run();
		assertThat(this.done).containsExactly("end");
	}

	@Test
	void rule9_anExecutorThatFailsIsAskedAgain() {
		AtomicInteger asked = new AtomicInteger();
		Steps steps = new Steps((task) -> {
			if (asked.incrementAndGet() == 1) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			task.run();
		}, this.timer, () -> {
		});
		steps.add(() -> this.done.add("end"));
		await().untilAsserted(() -> assertThat(this.done).containsExactly("end"));
	}

}
