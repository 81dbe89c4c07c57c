package dev.realtime.spring.pipe;

import java.time.Duration;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;

/**
 * The threads of all texts of a node.
 *
 * @param loop publishes; never runs the application's code but a publisher of its own
 * @param calls asks sources for more, and completes handles; the application's code may
 * block there
 * @param cancels cancels sources, which others that block must not delay
 */
record PipeLoops(Loop loop, Loop calls, Loop cancels) {

	private static final Duration CLOSING = Duration.ofSeconds(1);

	static PipeLoops of(Loops loops, int threads) {
		return new PipeLoops(loops.loop("realtime-pipe"), loops.loop("realtime-pipe-source", threads),
				loops.loop("realtime-pipe-cancel"));
	}

	/** Runs the application's code; on this thread if the others have ended. */
	void call(Runnable task) {
		if (!this.calls.tryExecute(task)) {
			this.calls.contain(task);
		}
	}

	/** Idempotent; at most 3 s. What blocks then is interrupted. */
	void close() {
		boolean unused = this.loop.close(CLOSING);
		for (Loop each : new Loop[] { this.cancels, this.calls }) {
			if (!each.isClosed() && !each.close(CLOSING)) {
				each.close();
			}
		}
	}

}
