package dev.realtime.spring.stomp;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Observes the handling of clients' SENDs. Called by the threads that handle frames. Its
 * own failures must not reach them. Not for applications.
 */
public interface SendObserver {

	/** Observes nothing. */
	SendObserver NONE = (headers, destination) -> null;

	/**
	 * Begins to observe a SEND that the calling thread handles now.
	 * @param headers returns the first value of one of the frame's headers, or null
	 * @return ends the observation, to be called once by the same thread; null if the
	 * SEND is not observed
	 */
	@Nullable Handling begin(UnaryOperator<@Nullable String> headers, String destination);

	/** A SEND that is being handled. */
	@FunctionalInterface
	interface Handling {

		/**
		 * Ends the observation.
		 * @param failure what the handling has thrown, or null
		 */
		void end(@Nullable Throwable failure);

	}

}
