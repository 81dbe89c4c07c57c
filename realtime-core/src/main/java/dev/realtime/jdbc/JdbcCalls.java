package dev.realtime.jdbc;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;

/**
 * The threads on which calls to the database may block, so that callers need not: a fixed
 * number, and a bounded queue before them. Safe for any number of threads.
 */
public final class JdbcCalls implements AutoCloseable {

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final Loop threads;

	/** How many calls may be under way or wait. */
	private final int most;

	private final int mayWait;

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean closed;

	/**
	 * Starts threads as they are needed.
	 * @param loops makes the threads
	 * @param name the threads' name, to which a number is added
	 * @param threads how many calls may be under way, 1 or more
	 * @param waiting how many more may wait, 1 or more
	 */
	public JdbcCalls(Loops loops, String name, int threads, int waiting) {
		this.threads = loops.loop(name, threads);
		this.most = threads + waiting;
		this.mayWait = waiting;
	}

	/**
	 * Makes the call on another thread; never blocks.
	 * @return completes there; fails with what the call throws, with a
	 * {@link RejectedExecutionException} when too many wait, or with an
	 * {@link IllegalStateException} after {@link #close()}
	 */
	public <T> CompletionStage<T> submit(Callable<T> call) {
		if (this.calls.incrementAndGet() > this.most) {
			this.calls.decrementAndGet();
			return CompletableFuture.failedFuture(this.closed ? closed() : new RejectedExecutionException(
					this.mayWait + " calls already wait for the database, which is the most allowed; try again later"));
		}
		CompletableFuture<T> answer = new CompletableFuture<>();
		boolean accepted = false;
		try {
			accepted = this.threads.tryExecute(() -> run(call, answer));
		}
		finally {
			if (!accepted) {
				this.calls.decrementAndGet();
				answer.completeExceptionally(closed());
			}
		}
		return answer;
	}

	/**
	 * Takes no more calls and fails those that wait; idempotent; returns within 2 s.
	 * Calls under way go on until their statements' time limit: an interrupt would close
	 * the files of an H2 database.
	 */
	@Override
	public void close() {
		this.closed = true;
		var unused = this.threads.close(CLOSING);
	}

	private <T> void run(Callable<T> call, CompletableFuture<T> answer) {
		try {
			if (this.closed) {
				answer.completeExceptionally(closed());
			}
			else {
				answer.complete(call.call());
			}
		}
		catch (Throwable ex) {
			answer.completeExceptionally(ex);
		}
		finally {
			this.calls.decrementAndGet();
		}
	}

	private static IllegalStateException closed() {
		return new IllegalStateException("The log is closed");
	}

}
