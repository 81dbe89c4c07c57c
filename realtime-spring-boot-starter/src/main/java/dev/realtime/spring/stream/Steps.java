package dev.realtime.spring.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BiFunction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Loop;
import dev.realtime.spring.stomp.InboundExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Spring is to be told of one stream, one after the other, on threads that may
 * block. There are three at most: it opens, it subscribes, it has ended.
 */
final class Steps implements Runnable {

	/** After this the executor, which took nothing, is asked again. */
	private static final Duration RETRY = Duration.ofMillis(100);

	private static final Logger logger = LoggerFactory.getLogger(Steps.class);

	private final InboundExecutor executor;

	private final BiFunction<Duration, Runnable, Loop.Delayed> later;

	@GuardedBy("this")
	private final ArrayDeque<Step> waiting = new ArrayDeque<>(2);

	@GuardedBy("this")
	private boolean running;

	Steps(InboundExecutor executor, BiFunction<Duration, Runnable, Loop.Delayed> later) {
		this.executor = executor;
		this.later = later;
	}

	/** Adds what is to be done next; does not block. */
	void add(Step step) {
		synchronized (this) {
			this.waiting.add(step);
			if (this.running) {
				return;
			}
			this.running = true;
		}
		start();
	}

	@Override
	public void run() {
		for (Step step = next(); step != null; step = next()) {
			try {
				step.run();
			}
			catch (Throwable ex) {
				logger.warn("A stream's frame could not be handled", ex);
			}
		}
	}

	private synchronized @Nullable Step next() {
		Step step = this.waiting.poll();
		this.running = step != null;
		return step;
	}

	private void start() {
		try {
			this.executor.handle(this);
		}
		catch (Throwable ex) {
			// what is left includes the session's end, which the application must hear of
			logger.debug("The application ends, or takes no more frames; a stream waits", ex);
			Loop.Delayed unused = this.later.apply(RETRY, this::start);
		}
	}

	/** One thing to be done. */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

}
