package dev.realtime.spring.stomp;

/**
 * Runs the handling of one connection's frames on the threads of the application's
 * inbound channel. Whatever Spring hands on for these frames runs on the same thread, one
 * after the other, so the caller must hand over a connection's frames in order, one at a
 * time, and may take it that a frame was handled when its task has returned, unless
 * {@link #defer} says otherwise.
 */
@FunctionalInterface
public interface InboundExecutor {

	/**
	 * Runs the task some time; does not block.
	 * @throws java.util.concurrent.RejectedExecutionException when the application ends
	 * or its own bound is reached
	 */
	void handle(Runnable frames);

	/**
	 * Asks, within a task and after each of its frames, whether frames that Spring has
	 * handed on are held back: a SEND waits until the session's earlier SUBSCRIBEs know
	 * where live starts. If so, the calling task must return without handling any more.
	 * @param next runs as if it was given to {@link #handle} when all that is held back
	 * has been handled; not kept when the answer is false
	 * @return whether something is held back
	 */
	default boolean defer(Runnable next) {
		return false;
	}

}
