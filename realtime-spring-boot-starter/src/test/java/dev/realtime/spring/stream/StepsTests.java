package dev.realtime.spring.stream;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Spring is told of one stream. */
class StepsTests {

	private final Loop timer = new Loops().loop("test-timer");

	private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

	private final List<String> done = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.timer.close();
	}

	@Test
	void rule9_aStepThatFailsEndsItsStreamAndTheNextOneIsDone() {
		Steps steps = new Steps(this.handedOver::add, this.timer::after, () -> this.done.add("closed"));
		steps.add(() -> {
			throw new OutOfMemoryError("on purpose");
		});
		steps.add(() -> this.done.add("end"));
		this.handedOver.remove().run();
		assertThat(this.done).containsExactly("closed", "end");
	}

	@Test
	void rule9_aFailingCloseIsNoReasonToStopEither() {
		Steps steps = new Steps(this.handedOver::add, this.timer::after, () -> {
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
		}, this.timer::after, () -> {
		});
		steps.add(() -> this.done.add("end"));
		await().untilAsserted(() -> assertThat(this.done).containsExactly("end"));
	}

}
