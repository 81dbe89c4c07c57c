package dev.realtime.relay.redis;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that keeps a relay; after its close, what it is given is dropped. */
final class RelayThread implements Executor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RelayThread.class);

	private final ScheduledThreadPoolExecutor executor;

	RelayThread() {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "realtime-relay");
			thread.setDaemon(true);
			return thread;
		});
	}

	@Override
	public void execute(Runnable task) {
		after(0, task);
	}

	/** Runs the task after so many milliseconds. */
	void after(long millis, Runnable task) {
		try {
			var unused = this.executor.schedule(() -> run(task), millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The relay is closed", ex);
		}
	}

	/** Runs the task every so many milliseconds. */
	void every(long millis, Runnable task) {
		var unused = this.executor.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
	}

	boolean isClosed() {
		return this.executor.isShutdown();
	}

	/** Interrupts what runs, without waiting for it. */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	private void run(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			if (!isClosed()) {
				logger.error("The relay's thread goes on after a failure", ex);
			}
		}
	}

}
