package dev.realtime.spring.stomp;

import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Counts the frames of one connection that are answered later, such as when their message
 * is stored. Safe for any number of threads.
 */
final class PendingAnswers {

	@GuardedBy("this")
	private int pending;

	@GuardedBy("this")
	private @Nullable Runnable whenNone;

	/** Counts the stage, whose completion sends the answer, until it is complete. */
	void add(CompletionStage<?> answered) {
		synchronized (this) {
			this.pending++;
		}
		CompletionStage<?> unused = answered.whenComplete((done, failure) -> completed());
	}

	/** Runs the task when no answer is pending. There is one such task. */
	void whenNone(Runnable task) {
		synchronized (this) {
			if (this.pending > 0) {
				this.whenNone = task;
				return;
			}
		}
		task.run();
	}

	private void completed() {
		Runnable task;
		synchronized (this) {
			this.pending--;
			if (this.pending > 0) {
				return;
			}
			task = this.whenNone;
			this.whenNone = null;
		}
		if (task != null) {
			task.run();
		}
	}

}
