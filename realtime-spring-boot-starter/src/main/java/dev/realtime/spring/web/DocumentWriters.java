package dev.realtime.spring.web;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;

/**
 * The threads that write the documents of HTTP answers. At most one document for each
 * request waits. After {@link #close()} they take nothing.
 */
final class DocumentWriters implements AutoCloseable {

	private static final int THREADS = 2;

	private final Loop loop;

	DocumentWriters(Loops loops) {
		this.loop = loops.loop("realtime-http-writer", THREADS);
	}

	/** Returns an executor that throws when it takes nothing. */
	Executor executor() {
		return (task) -> {
			if (!this.loop.tryExecute(task)) {
				throw new RejectedExecutionException("The application is being shut down");
			}
		};
	}

	/** Returns the loop, for what happens later. */
	Loop loop() {
		return this.loop;
	}

	@Override
	public void close() {
		this.loop.close();
	}

}
