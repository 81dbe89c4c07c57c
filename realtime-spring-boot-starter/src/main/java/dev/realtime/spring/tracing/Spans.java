package dev.realtime.spring.tracing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.realtime.loop.Loop;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends observations so that no failure of an observation handler reaches what
 * is observed, and no handler runs on an event loop or a shard. Safe for any number of
 * threads.
 */
final class Spans {

	/** Most observations that wait for the loop; further ones are dropped. */
	static final int MOST_WAITING = 10_000;

	private final Tracer tracer;

	private final Loop loop;

	private final AtomicInteger waiting = new AtomicInteger();

	private final LongAdder dropped = new LongAdder();

	Spans(Tracer tracer, Loop loop) {
		this.tracer = tracer;
		this.loop = loop;
	}

	/** Whether the calling thread is not within a span that is not sampled. */
	boolean mayBeRecorded() {
		Span current = this.tracer.currentSpan();
		return current == null || !Boolean.FALSE.equals(current.context().sampled());
	}

	/** Starts an observation; returns null if that has failed. */
	@Nullable Started start(Supplier<Observation> observation) {
		@Nullable Started[] started = new @Nullable Started[1];
		boolean unused = this.loop.contain(() -> started[0] = new Started(observation.get().start()));
		return started[0];
	}

	/** Runs the task on the loop, or drops and counts it if too many wait. */
	void later(Runnable task) {
		if (this.waiting.incrementAndGet() > MOST_WAITING || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			task.run();
		})) {
			this.waiting.decrementAndGet();
			this.dropped.increment();
		}
	}

	/** Returns how many observations were dropped because too many waited. */
	long dropped() {
		return this.dropped.sum();
	}

	/** An observation that has started. */
	final class Started {

		private final Observation observation;

		private Observation.@Nullable Scope scope;

		private Started(Observation observation) {
			this.observation = observation;
		}

		/** Makes it the current one of the calling thread. */
		void open() {
			boolean unused = Spans.this.loop.contain(() -> this.scope = this.observation.openScope());
		}

		/** Makes it no longer the current one; called by the thread that opened it. */
		void close() {
			Observation.Scope open = this.scope;
			if (open != null) {
				boolean unused = Spans.this.loop.contain(open::close);
			}
		}

		void end(@Nullable Throwable failure) {
			boolean unused = Spans.this.loop.contain(() -> {
				if (failure != null) {
					this.observation.error(failure);
				}
				this.observation.stop();
			});
		}

	}

}
