package dev.realtime.spring.stream;

import java.time.Duration;
import java.util.concurrent.Executor;

import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A request that is being answered, as a web server has it. No method blocks, any thread
 * may call them, and what one thread writes keeps its order.
 */
public interface Exchange {

	/** Begins an answer whose body comes piece by piece. */
	void begin(StreamAnswer head);

	/**
	 * Appends to the body.
	 * @param done called once, when the socket has taken it or will never
	 */
	void write(byte[] bytes, Transport.Completion done);

	/**
	 * Ends the answer after what was written; a client that does not take that within
	 * seconds is cut off.
	 */
	void end();

	/** Answers at once and ends. */
	void answer(StreamAnswer answer);

	/**
	 * Runs the task after the delay; it does not block. Whatever it throws costs that
	 * task alone.
	 * @return cancels the task unless it has begun
	 */
	Loop.Delayed later(Duration delay, Runnable task);

	/** The event loop that serves the socket; null when the hub shall choose a thread. */
	@Nullable Executor eventLoop();

}
