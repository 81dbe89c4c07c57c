package dev.realtime.spring.stomp;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHandlingRunnable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The frames of sessions on the threads of a channel. */
class SessionOrderedExecutorTests {

	private final List<String> done = new CopyOnWriteArrayList<>();

	private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

	private final Loop retries = new Loops().loop("realtime-channel-retries");

	private final SessionOrderedExecutor executor = new SessionOrderedExecutor(this.handedOver::add, 4, null,
			this.retries);

	@AfterEach
	void close() {
		this.retries.close();
	}

	@Test
	void aSessionsTasksRunOneAfterTheOtherInTheOrderTheyCame() {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		SessionOrderedExecutor busy = new SessionOrderedExecutor(threads, 64, null, this.retries);
		AtomicInteger running = new AtomicInteger();
		List<Integer> order = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 2_000; i++) {
			int number = i;
			busy.execute(frame("s", () -> {
				assertThat(running.incrementAndGet()).isEqualTo(1);
				order.add(number);
				running.decrementAndGet();
			}));
		}
		await().until(() -> order.size() == 2_000);
		assertThat(order).isEqualTo(IntStream.range(0, 2_000).boxed().toList());
		threads.shutdown();
	}

	@Test
	void rule9_whateverATaskThrowsTheNextOneRuns() {
		for (Throwable failure : List.of(new IllegalStateException("on purpose"), new OutOfMemoryError("on purpose"),
				new NoClassDefFoundError("on purpose"), new IOException("on purpose"))) {
			this.executor.execute(frame("s", () -> {
				throw Sneaky.sneak(failure);
			}));
		}
		this.executor.execute(end("s"));
		runAll();
		assertThat(this.done).containsExactly("end of s");
	}

	@Test
	void rule9_whateverAFrameThrowsWhoseCallerKeepsTheOrderTheCallerGoesOn() {
		this.executor.handle(() -> {
			this.executor.execute(frame("s", () -> {
				throw Sneaky.sneak(new OutOfMemoryError("on purpose"));
			}));
			this.done.add("next frame");
		});
		runAll();
		assertThat(this.done).containsExactly("next frame");
	}

	@Test
	void aFrameThatTheChannelRefusesIsItsSendersFailure() {
		SessionOrderedExecutor full = new SessionOrderedExecutor((task) -> {
			throw new TaskRejectedException("full");
		}, 4, null, this.retries);
		assertThatExceptionOfType(TaskRejectedException.class)
			.isThrownBy(() -> full.execute(frame("s", () -> this.done.add("frame"))));
		assertThat(this.done).isEmpty();
	}

	@Test
	void rule9_theEndOfASessionReachesSpringThoughTheChannelIsFull() {
		AtomicBoolean full = new AtomicBoolean(true);
		SessionOrderedExecutor refusing = new SessionOrderedExecutor((task) -> {
			if (full.get()) {
				throw new TaskRejectedException("full");
			}
			task.run();
		}, 4, null, this.retries);
		refusing.execute(end("s"));
		assertThat(this.done).isEmpty();
		full.set(false);
		await().untilAsserted(() -> assertThat(this.done).containsExactly("end of s"));
	}

	@Test
	void rule9_aChannelThatIsFullInBetweenIsAskedAgain() {
		AtomicInteger asked = new AtomicInteger();
		ArrayDeque<Runnable> taken = new ArrayDeque<>();
		SessionOrderedExecutor refusing = new SessionOrderedExecutor((task) -> {
			if (asked.incrementAndGet() == 2) {
				throw new TaskRejectedException("full");
			}
			synchronized (taken) {
				taken.add(task);
			}
		}, 100, null, this.retries);
		for (int i = 0; i < 40; i++) {
			String name = "frame " + i;
			refusing.execute(frame("s", () -> this.done.add(name)));
		}
		refusing.execute(end("s"));
		await().until(() -> {
			Runnable next;
			synchronized (taken) {
				next = taken.poll();
			}
			if (next != null) {
				next.run();
			}
			return this.done.size() == 41;
		});
		assertThat(this.done).endsWith("frame 39", "end of s");
	}

	@Test
	void theEndOfASessionWaitsForNoRoom() {
		for (int i = 0; i < 4; i++) {
			String name = "frame " + i;
			this.executor.execute(frame("s", () -> this.done.add(name)));
		}
		this.executor.execute(end("s"));
		runAll();
		assertThat(this.done).hasSize(5).endsWith("end of s");
	}

	@Test
	void withNothingHeldNothingIsDeferred() {
		AtomicBoolean deferred = new AtomicBoolean(true);
		this.executor.handle(() -> {
			this.executor.execute(frame("s", () -> this.done.add("frame")));
			deferred.set(this.executor.defer(() -> this.done.add("next")));
		});
		runAll();
		assertThat(this.done).containsExactly("frame");
		assertThat(deferred).isFalse();
		assertThat(this.executor.defer(() -> this.done.add("next"))).isFalse();
	}

	private void runAll() {
		for (Runnable next = this.handedOver.poll(); next != null; next = this.handedOver.poll()) {
			next.run();
		}
	}

	private static Runnable frame(String session, Runnable step) {
		return new Task(message(session, SimpMessageType.MESSAGE), step);
	}

	private Runnable end(String session) {
		return new Task(message(session, SimpMessageType.DISCONNECT), () -> this.done.add("end of " + session));
	}

	private static Message<?> message(String session, SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionId(session);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/** What Spring's channel hands over. */
	private record Task(Message<?> message, Runnable step) implements MessageHandlingRunnable {

		@Override
		public Message<?> getMessage() {
			return this.message;
		}

		@Override
		public MessageHandler getMessageHandler() {
			return (message) -> {
			};
		}

		@Override
		public void run() {
			this.step.run();
		}

	}

}
