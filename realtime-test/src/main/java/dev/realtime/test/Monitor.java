package dev.realtime.test;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** What a client has got is changed, read and awaited under one lock. */
final class Monitor {

	/** Changes something, and lets those look who wait. */
	synchronized void change(Runnable change) {
		change.run();
		notifyAll();
	}

	/** Reads several things that belong together. */
	synchronized <T extends @Nullable Object> T read(Supplier<T> read) {
		return read.get();
	}

	/**
	 * Waits until something is there.
	 * @param wanted returns it, or null while it is not there; called with the lock held
	 * @param failure says what is missing, with the lock held
	 * @throws AssertionError when it is not there in time
	 */
	synchronized <T> T await(Duration patience, Supplier<@Nullable T> wanted, Supplier<String> failure) {
		long end = System.nanoTime() + patience.toNanos();
		T found = wanted.get();
		while (found == null) {
			long left = (end - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				throw new AssertionError(failure.get());
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted while waiting. " + failure.get(), ex);
			}
			found = wanted.get();
		}
		return found;
	}

}
