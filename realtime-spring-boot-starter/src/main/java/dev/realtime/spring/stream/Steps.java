package dev.realtime.spring.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Loop;
import dev.realtime.spring.Incident;
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

	private final Runnable onFailure;

	@GuardedBy("this")
	private final ArrayDeque<Step> waiting = new ArrayDeque<>(2);

	@GuardedBy("this")
	private boolean running;

	/**
	 * Makes a queue of steps.
	 * @param onFailure called when a step has thrown
	 */
	Steps(InboundExecutor executor, BiFunction<Duration, Runnable, Loop.Delayed> later, Runnable onFailure) {
		this.executor = executor;
		this.later = later;
		this.onFailure = onFailure;
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
				failed(ex);
			}
			if (this.executor.defer(this)) {
				return;
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
		catch (RejectedExecutionException ex) {
			logger.debug("The application ends, or takes no more frames; a stream waits", ex);
			startLater();
		}
		catch (Throwable ex) {
			failed(ex);
			startLater();
		}
	}

	/** Ends this one stream; the steps after it, its end among them, are still done. */
	private void failed(Throwable failure) {
		try {
			this.onFailure.run();
			logger.warn("A stream's frame could not be handled; the stream is closed", Incident.plain(failure));
		}
		catch (Throwable ex) {
			// Out of memory, perhaps: the next step must be done all the same.
		}
	}

	/** What is left includes the session's end, which the application must hear of. */
	private void startLater() {
		try {
			Loop.Delayed unused = this.later.apply(RETRY, this::start);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application has ended", ex);
		}
	}

	/** One thing to be done. */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

}
