package dev.realtime.connection;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done once a socket is closed. Each task runs exactly once, whether it was
 * added before that or after. Safe for any number of threads.
 */
final class ClosingTasks {

	@GuardedBy("this")
	private @Nullable List<Runnable> waiting;

	@GuardedBy("this")
	private boolean closed;

	/** Keeps the task; false if the socket is closed and the caller is to run it. */
	synchronized boolean add(Runnable task) {
		if (this.closed) {
			return false;
		}
		if (this.waiting == null) {
			this.waiting = new ArrayList<>(2);
		}
		this.waiting.add(task);
		return true;
	}

	/** Returns the tasks to run, once. */
	synchronized List<Runnable> close() {
		this.closed = true;
		List<Runnable> tasks = this.waiting;
		this.waiting = null;
		return (tasks != null) ? tasks : List.of();
	}

}
