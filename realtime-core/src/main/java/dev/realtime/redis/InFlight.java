package dev.realtime.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The unanswered commands of one connection, oldest first. All have the same time limit,
 * so the oldest is always the next to expire and no timer is needed for each.
 * {@link #add} is safe for any thread and takes no lock.
 * <p>
 * While the process is stopped, by a collection or because its machine is moved, answers
 * wait in the socket. So after such a time nothing expires for a moment, in which they
 * are read: once within the time limit, which therefore is exceeded by that moment at
 * most.
 */
final class InFlight {

	/** A check that comes so long after the one before was stopped. */
	private static final long STOPPED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	/** The moment in which answers are read. */
	private static final long READING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final Queue<Sent> queue = new ConcurrentLinkedQueue<>();

	private final Duration timeout;

	private final Environment environment;

	@GuardedBy("this")
	private long checkedNanos;

	/** When the process was last found to have been stopped. */
	@GuardedBy("this")
	private long stoppedNanos;

	InFlight(Duration timeout, Environment environment) {
		this.environment = environment;
		this.timeout = timeout;
		this.checkedNanos = environment.nanoTime();
		this.stoppedNanos = this.checkedNanos - timeout.toNanos() - READING_NANOS;
	}

	void add(String what, CompletableFuture<?> answer) {
		this.queue.add(new Sent(what, answer, this.environment.nanoTime() + this.timeout.toNanos()));
	}

	/**
	 * Fails what waited too long and forgets what was answered; called some times a
	 * second.
	 * @return whether anything expired
	 */
	synchronized boolean expire() {
		long now = this.environment.nanoTime();
		if (isReading(now)) {
			return false;
		}
		boolean expired = false;
		for (Sent oldest = this.queue.peek(); oldest != null; oldest = this.queue.peek()) {
			if (!oldest.answer.isDone()) {
				if (oldest.deadline - now > 0) {
					break;
				}
				expired |= oldest.answer.completeExceptionally(
						new TimeoutException("Redis did not answer " + oldest.what + " within " + this.timeout));
			}
			this.queue.poll();
		}
		return expired;
	}

	@GuardedBy("this")
	private boolean isReading(long now) {
		if (now - this.checkedNanos >= STOPPED_NANOS
				&& now - this.stoppedNanos >= this.timeout.toNanos() + READING_NANOS) {
			this.stoppedNanos = now;
		}
		this.checkedNanos = now;
		return now - this.stoppedNanos < READING_NANOS;
	}

	/** Fails all; they share the exception, as they share the reason. */
	synchronized void failAll(Throwable reason) {
		for (@Nullable
		Sent next = this.queue.poll(); next != null; next = this.queue.poll()) {
			next.answer.completeExceptionally(reason);
		}
	}

	private record Sent(String what, CompletableFuture<?> answer, long deadline) {
	}

}
