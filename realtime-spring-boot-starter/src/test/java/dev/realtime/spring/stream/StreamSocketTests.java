package dev.realtime.spring.stream;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.websocket.Inbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Spring is told of one stream. */
class StreamSocketTests {

	private final Loop timer = new Loops().loop("test-timer");

	private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

	private final List<String> done = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.timer.close();
	}

	@Test
	void rule9_aStepThatFailsEndsItsStreamAndTheNextOneIsDone() {
		Inbox steps = inbox(this.handedOver::add, () -> this.done.add("closed"));
		steps.add(() -> {
			throw new OutOfMemoryError("on purpose");
		});
		steps.add(() -> this.done.add("end"));
		this.handedOver.remove().run();
		assertThat(this.done).containsExactly("closed", "end");
	}

	@Test
	void rule9_aFailingCloseIsNoReasonToStopEither() {
		Inbox steps = inbox(this.handedOver::add, () -> {
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
		Inbox steps = inbox((task) -> {
			if (asked.incrementAndGet() == 1) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			task.run();
		}, () -> {
		});
		steps.add(() -> this.done.add("end"));
		await().untilAsserted(() -> assertThat(this.done).containsExactly("end"));
	}

	@Test
	void aStreamWaitsWhileTheExecutorIsFull() {
		AtomicInteger asked = new AtomicInteger();
		Inbox steps = inbox((task) -> {
			if (asked.incrementAndGet() == 1) {
				throw new RejectedExecutionException("full");
			}
			task.run();
		}, () -> this.done.add("closed"));
		steps.add(() -> this.done.add("open"));
		await().untilAsserted(() -> assertThat(this.done).containsExactly("open"));
	}

	private Inbox inbox(InboundExecutor executor, Runnable end) {
		return new Inbox(new StreamSocket(end, this.timer::after), executor, Integer.MAX_VALUE, Long.MAX_VALUE);
	}

}
