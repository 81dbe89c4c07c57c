package dev.realtime.presence;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryPresenceTests extends PresenceContract {

	private final MemoryPresence presence = new MemoryPresence(SHORT);

	@BeforeEach
	void start() {
		this.presence.start(this.events);
	}

	@AfterEach
	void close() {
		this.presence.close();
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
		try (MemoryPresence timed = new MemoryPresence(SHORT, timer)) {
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
