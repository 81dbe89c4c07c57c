package dev.realtime.log.jdbc;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which calls to the database may block, so that callers need not: a fixed
 * number, and a bounded queue before them. Safe for any number of threads.
 */
public final class JdbcCalls implements AutoCloseable {

	private static final long CLOSE_SECONDS = 2;

	private final ThreadPoolExecutor threads;

	private final int waiting;

	private volatile boolean closed;

	/**
	 * Starts threads as they are needed.
	 * @param threads how many calls may be under way, 1 or more
	 * @param waiting how many more may wait, 1 or more
	 */
	public JdbcCalls(int threads, int waiting) {
		AtomicInteger number = new AtomicInteger();
		this.waiting = waiting;
		this.threads = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting),
				(task) -> {
					Thread thread = new Thread(task, "realtime-jdbc-reader-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * Makes the call on another thread; never blocks.
	 * @return completes there; fails with what the call throws, with a
	 * {@link RejectedExecutionException} when too many wait, or with an
	 * {@link IllegalStateException} after {@link #close()}
	 */
	public <T> CompletionStage<T> submit(Callable<T> call) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		try {
			this.threads.execute(() -> run(call, answer));
		}
		catch (RejectedExecutionException ex) {
			answer
				.completeExceptionally(this.closed ? closed()
						: new RejectedExecutionException(this.waiting
								+ " calls already wait for the database, which is the most allowed; try again later",
								ex));
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
		this.threads.shutdown();
		try {
			var unused = this.threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private <T> void run(Callable<T> call, CompletableFuture<T> answer) {
		if (this.closed) {
			answer.completeExceptionally(closed());
			return;
		}
		try {
			answer.complete(call.call());
		}
		catch (Throwable ex) {
			answer.completeExceptionally(ex);
		}
	}

	private static IllegalStateException closed() {
		return new IllegalStateException("The log is closed");
	}

}
