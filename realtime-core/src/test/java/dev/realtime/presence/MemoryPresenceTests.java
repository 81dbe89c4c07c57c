package dev.realtime.presence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MemoryPresenceTests extends PresenceContract {

	private final RecordedEvents events = new RecordedEvents();

	private final Deque<MemoryPresence> started = new ArrayDeque<>();

	private final MemoryPresence presence = start(SHORT).get(0);

	@AfterEach
	void close() {
		this.started.forEach(MemoryPresence::close);
	}

	@Override
	protected List<MemoryPresence> start(PresenceOptions options) {
		MemoryPresence node = new MemoryPresence(options, new Loops());
		node.start(this.events);
		this.started.push(node);
		return List.of(node, node);
	}

	@Override
	protected PublishedEvents events() {
		return this.events;
	}

	@Override
	protected Presence first() {
		return this.presence;
	}

	@Override
	protected Presence second() {
		return this.presence;
	}

	@Test
	void ignoresATimerThatCouldNotBeStoppedInTime() {
		UnstoppableTimer timer = new UnstoppableTimer();
		try (MemoryPresence timed = new MemoryPresence(SHORT, new Loops().adopt("timer", timer))) {
			timed.start(this.events);
			for (int i = 0; i < 2; i++) {
				enter(timed, "ann", "a1");
				leave(timed, "ann", "a1");
			}
			timer.scheduled.get(0).run();
			assertThat(this.events.of(this.topic, "ann")).isEqualTo("+");
			timer.scheduled.get(1).run();
			assertThat(this.events.of(this.topic, "ann")).isEqualTo("+-");
		}
		assertThat(timer.isShutdown()).isFalse();
		timer.shutdownNow();
	}

	@Test
	void publishesANumberInsteadOfEventsThatCouldNotBePublished() {
		Presence node = start(CROWDED).get(0);
		enter(node, "ann", "a1");
		await().untilAsserted(() -> assertThat(this.events.on(this.topic)).containsExactly("+ann"));
		this.events.fail(true);
		enter(node, "bob", "b1");
		letAnIntervalPass(node);
		this.events.fail(false);
		await().untilAsserted(() -> assertThat(this.events.on(this.topic)).containsExactly("+ann", "reset 2"));
	}

	@Test
	void rule9_anErrorOfTheListenerLosesNoOtherEvent() {
		MemoryPresence node = new MemoryPresence(CROWDED.withLimits(new PresenceLimits(1_000, Duration.ofMillis(100))),
				new Loops());
		this.started.push(node);
		AtomicBoolean thrown = new AtomicBoolean();
		node.start((topic, event) -> {
			if (event.equals(new PresenceEvent.Join("user 50")) && thrown.compareAndSet(false, true)) {
				throw new NoClassDefFoundError("simulated");
			}
			return this.events.onEvent(topic, event);
		});
		for (int i = 0; i < 200; i++) {
			enter(node, "user " + i, "c" + i);
		}
		await().untilAsserted(() -> assertThat(this.events.on(this.topic)).hasSize(199 + 1).contains("reset 200"));
	}

	@Test
	void rule8_eventsBeyondTheBoundAreReplacedByNumbers() {
		int topics = 3_000;
		int users = 5;
		CountDownLatch slow = new CountDownLatch(1);
		Map<Topic, List<PresenceEvent>> published = new ConcurrentHashMap<>();
		AtomicInteger joins = new AtomicInteger();
		MemoryPresence node = new MemoryPresence(CROWDED.withLimits(new PresenceLimits(1_000, Duration.ofMillis(100))),
				new Loops());
		this.started.push(node);
		node.start((topic, event) -> {
			awaitLatch(slow);
			published.computeIfAbsent(topic, (any) -> new CopyOnWriteArrayList<>()).add(event);
			joins.addAndGet((event instanceof PresenceEvent.Join) ? 1 : 0);
			return CompletableFuture.completedStage(null);
		});
		for (int user = 0; user < users; user++) {
			for (int i = 0; i < topics; i++) {
				Await.result(node.enter(Topic.of("room." + i), "user " + user, "c" + user));
			}
		}
		slow.countDown();

		await().untilAsserted(() -> {
			assertThat(published).hasSize(topics);
			assertThat(published.values()).allMatch((events) -> events.size() == users
					|| events.get(events.size() - 1).equals(new PresenceEvent.Reset(users)));
		});
		assertThat(joins).hasValueBetween(MemoryPresence.MAX_WAITING, MemoryPresence.MAX_WAITING + 1);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void letAnIntervalPass(Presence node) {
		await().pollDelay(CROWDED.limits().countInterval().multipliedBy(2)).until(() -> true);
		assertThat(members(node)).hasSize(2);
	}

	/** Runs tasks at once, and scheduled ones when the test says so. */
	private static final class UnstoppableTimer extends ScheduledThreadPoolExecutor {

		private final List<Runnable> scheduled = new ArrayList<>();

		private UnstoppableTimer() {
			super(1);
		}

		@Override
		public void execute(Runnable task) {
			task.run();
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
			this.scheduled.add(task);
			return super.schedule(() -> {
			}, delay, unit);
		}

	}

}
