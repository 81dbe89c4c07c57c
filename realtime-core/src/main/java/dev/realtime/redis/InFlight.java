package dev.realtime.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The unanswered commands of one connection, oldest first. All have the same time limit,
 * so the oldest is always the next to expire and no timer is needed for each.
 * {@link #add} is safe for any thread and takes no lock.
 */
final class InFlight {

	private final Queue<Sent> queue = new ConcurrentLinkedQueue<>();

	private final Duration timeout;

	private final Environment environment;

	InFlight(Duration timeout, Environment environment) {
		this.environment = environment;
		this.timeout = timeout;
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
