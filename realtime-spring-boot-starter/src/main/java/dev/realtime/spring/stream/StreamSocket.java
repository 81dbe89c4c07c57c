package dev.realtime.spring.stream;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

import dev.realtime.loop.Loop;
import dev.realtime.spring.websocket.ClientSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream, as the inbox of its client sees it. Three steps come at most: it opens, it
 * subscribes, it has ended.
 *
 * @param end ends the stream after a failure
 * @param delays runs a task after a time
 */
record StreamSocket(Runnable end, BiFunction<Duration, Runnable, Loop.Delayed> delays) implements ClientSocket {

	private static final Logger logger = LoggerFactory.getLogger(StreamSocket.class);

	@Override
	public void stopReading() {
	}

	@Override
	public void startReading() {
	}

	@Override
	public void abort() {
		this.end.run();
	}

	/** A stream waits: its request has been read, and takes no more memory meanwhile. */
	@Override
	public void refused() {
	}

	@Override
	public void later(Runnable task, int millis) {
		try {
			Loop.Delayed unused = this.delays.apply(Duration.ofMillis(millis), task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application has shut down", ex);
		}
	}

}
