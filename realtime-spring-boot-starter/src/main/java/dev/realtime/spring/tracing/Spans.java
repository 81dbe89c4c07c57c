package dev.realtime.spring.tracing;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.realtime.loop.Loop;
import dev.realtime.spring.Backlog;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.jspecify.annotations.Nullable;

/**
 * Begins and ends observations so that no failure of an observation handler reaches what
 * is observed, and no handler runs on an event loop or a shard. Safe for any number of
 * threads.
 */
final class Spans implements AutoCloseable {

	/** Most observations that wait for the loop; further ones are dropped. */
	static final int MOST_WAITING = 10_000;

	/** Most bytes of the payloads of their messages. */
	static final long MOST_BYTES = 64 * 1024 * 1024;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final Tracer tracer;

	private final ObservationRegistry registry;

	private final Loop loop;

	private final Backlog waiting = new Backlog(MOST_WAITING, MOST_BYTES);

	private final LongAdder dropped = new LongAdder();

	/**
	 * Makes it.
	 * @param loop closed by this
	 */
	Spans(Tracer tracer, ObservationRegistry registry, Loop loop) {
		this.tracer = tracer;
		this.registry = registry;
		this.loop = loop;
	}

	ObservationRegistry registry() {
		return this.registry;
	}

	/**
	 * Whether anything handles observations, and the calling thread is not within a span
	 * that is not sampled.
	 */
	boolean mayBeRecorded() {
		if (isOff()) {
			return false;
		}
		try {
			Span current = this.tracer.currentSpan();
			return current == null || !Boolean.FALSE.equals(current.context().sampled());
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			return false;
		}
	}

	/** Whether nothing handles observations. */
	private boolean isOff() {
		try {
			return this.registry.isNoop();
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			return true;
		}
	}

	/** Starts an observation; returns null if that has failed. */
	@Nullable Started start(Supplier<Observation> observation) {
		@Nullable Started[] started = new @Nullable Started[1];
		boolean unused = this.loop.contain(() -> {
			Started created = new Started(observation.get());
			if (this.loop.contain(created.observation::start)) {
				started[0] = created;
			}
			else {
				// Handlers before the one that has failed have started theirs.
				created.end(null);
			}
		});
		return started[0];
	}

	/**
	 * Takes a place for a later call of {@link #later}; if there is none, that is
	 * counted. There is none either if nothing handles observations, which is not.
	 * @param bytes the size of the payload that will wait
	 */
	boolean enter(int bytes) {
		if (isOff()) {
			return false;
		}
		boolean entered = this.waiting.enter(bytes);
		if (!entered) {
			this.dropped.increment();
		}
		return entered;
	}

	/**
	 * Runs the task on the loop, and gives its place back; at once if the loop is closed.
	 * Never throws.
	 */
	void later(int bytes, Runnable task) {
		execute(() -> {
			this.waiting.leave(bytes);
			task.run();
		});
	}

	/**
	 * Runs a task, of which the caller bounds the number, on the loop; at once if the
	 * loop is closed. Never throws.
	 */
	void execute(Runnable task) {
		boolean accepted = false;
		try {
			accepted = this.loop.tryExecute(task);
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		if (!accepted) {
			boolean unused = this.loop.contain(task);
		}
	}

	/** Runs a task, which may fail. */
	void contain(Runnable task) {
		boolean unused = this.loop.contain(task);
	}

	/** Counts an observation for which the caller has no place. */
	void drop() {
		this.dropped.increment();
	}

	/** Returns how many observations were dropped because too many waited. */
	long dropped() {
		return this.dropped.sum();
	}

	/** Ends what waits; takes 1 s at most. */
	@Override
	public void close() {
		if (!this.loop.close(CLOSING)) {
			this.loop.close();
		}
	}

	/** An observation that has started. */
	final class Started {

		private final Observation observation;

		private Started(Observation observation) {
			this.observation = observation;
		}

		/** Makes it the current one of the calling thread, until that is closed. */
		Opened open() {
			return new Opened(this.observation);
		}

		/**
		 * Returns the span as a {@code traceparent}; null if it is not recorded.
		 */
		@Nullable String traceparent() {
			@Nullable String[] found = new @Nullable String[1];
			boolean unused = Spans.this.loop.contain(() -> {
				TracingObservationHandler.TracingContext tracing = this.observation.getContext()
					.get(TracingObservationHandler.TracingContext.class);
				Span span = (tracing != null) ? tracing.getSpan() : null;
				if (span != null && Boolean.TRUE.equals(span.context().sampled())) {
					String trace = span.context().traceId();
					found[0] = "00-" + "0".repeat(Math.max(0, 32 - trace.length())) + trace + '-'
							+ span.context().spanId() + "-01";
				}
			});
			return found[0];
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

	/** An observation that is the current one of a thread. */
	final class Opened {

		private Observation.@Nullable Scope scope;

		private Observation.@Nullable Scope before;

		private Opened(Observation observation) {
			boolean unused = Spans.this.loop.contain(() -> {
				this.before = Spans.this.registry.getCurrentObservationScope();
				boolean opened = Spans.this.loop.contain(() -> this.scope = observation.openScope());
				if (!opened) {
					restore(Spans.this.registry.getCurrentObservationScope());
				}
			});
		}

		/** Makes it no longer the current one; called by the thread that opened it. */
		void close() {
			Observation.Scope open = this.scope;
			if (open != null) {
				boolean unused = Spans.this.loop.contain(() -> restore(open));
			}
		}

		/** A handler that fails while a scope is closed keeps it current. */
		private void restore(Observation.@Nullable Scope open) {
			if (open != null && open != this.before) {
				boolean unused = Spans.this.loop.contain(open::close);
				if (Spans.this.registry.getCurrentObservationScope() == open) {
					Spans.this.registry.setCurrentObservationScope(this.before);
				}
			}
		}

	}

}
