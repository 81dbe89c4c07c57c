package dev.realtime.spring.stomp;

/**
 * Runs the handling of one connection's frames on the threads of the application's
 * inbound channel. Whatever Spring hands on for these frames runs on the same thread, one
 * after the other, so the caller must hand over a connection's frames in order, one at a
 * time, and may take it that a frame was handled when its task has returned.
 */
@FunctionalInterface
public interface InboundExecutor {

	/**
	 * Runs the task some time; does not block.
	 * @throws java.util.concurrent.RejectedExecutionException when the application ends
	 * or its own bound is reached
	 */
	void handle(Runnable frames);

}
