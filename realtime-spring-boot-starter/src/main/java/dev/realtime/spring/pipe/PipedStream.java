package dev.realtime.spring.pipe;

import java.util.concurrent.CompletionStage;

/** A text on its way to a topic. Safe for any number of threads. */
public interface PipedStream {

	/** Returns the topic's name. */
	String topic();

	/** Returns what tells this text from others, in the header {@code stream-id}. */
	String id();

	/**
	 * Ends the text where it is and cancels its source, unless it has ended. Idempotent;
	 * never blocks. {@link #completion()} says when readers can know.
	 */
	void stop();

	/**
	 * Returns how the text ended, once that is published. It never fails. What depends on
	 * it runs on a thread that asks sources for text, and may block.
	 */
	CompletionStage<StreamEnd> completion();

}
