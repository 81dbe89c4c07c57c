package dev.realtime.bench.micro;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * An event loop that runs what it is given at once, on the calling thread: a benchmark
 * then measures the work without the hand-over between threads. What a busy shard puts
 * off it does in its next pass; the timer that would remind it does nothing.
 */
final class CallingThread extends ScheduledThreadPoolExecutor {

	CallingThread() {
		super(1);
	}

	@Override
	public void execute(Runnable task) {
		task.run();
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		return super.schedule(() -> {
		}, delay, unit);
	}

}
