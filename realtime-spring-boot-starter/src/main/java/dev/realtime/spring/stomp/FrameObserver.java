package dev.realtime.spring.stomp;

import java.util.Locale;
import java.util.function.UnaryOperator;

import dev.realtime.Topic;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import org.jspecify.annotations.Nullable;

/**
 * Observes clients' CONNECTs and SUBSCRIBEs until they are answered. Called by the
 * threads that handle frames. Its own failures must not reach them. Not for applications.
 */
public interface FrameObserver {

	/** Observes nothing. */
	FrameObserver NONE = new FrameObserver() {

		@Override
		public @Nullable Observed connect(String transport, UnaryOperator<@Nullable String> headers) {
			return null;
		}

		@Override
		public @Nullable Observed subscribe(String transport, UnaryOperator<@Nullable String> headers) {
			return null;
		}

	};

	/**
	 * Begins to observe a CONNECT that the calling thread is about to handle.
	 * @param transport how frames reach the client, in the words of the meters
	 * @param headers returns the first value of one of the frame's headers, or null
	 * @return null if the CONNECT is not observed
	 */
	@Nullable Observed connect(String transport, UnaryOperator<@Nullable String> headers);

	/**
	 * Begins to observe a SUBSCRIBE that the calling thread is about to handle.
	 * @param transport how frames reach the client, in the words of the meters
	 * @param headers returns the first value of one of the frame's headers, or null
	 * @return null if the SUBSCRIBE is not observed
	 */
	@Nullable Observed subscribe(String transport, UnaryOperator<@Nullable String> headers);

	/** A frame that is handled. Safe for any number of threads; does not block. */
	interface Observed {

		/**
		 * Makes it what the calling thread handles.
		 * @return ends that; to be run by the same thread
		 */
		Runnable open();

		/** It is known which topic a SUBSCRIBE names. */
		void names(Topic topic);

		/**
		 * The frame is answered, or never will be; later calls are ignored.
		 * @param reason why it was refused, one of a fixed set of words, or null
		 */
		void end(Outcome outcome, @Nullable String reason);

		/**
		 * A subscription that named a position is live.
		 * @param outcome what the client was told
		 * @param nanos how long that took
		 * @param messages how many were replayed
		 */
		void recovered(Recovery outcome, long nanos, int messages);

	}

	/** How a frame ends. */
	enum Outcome {

		/** The client got what it asked for. */
		OK,

		/** The client was refused. */
		REFUSED,

		/** The subscription ended before its SUBSCRIBE was answered. */
		ENDED,

		/** The connection ended before the frame was answered. */
		CLOSED;

		private final String word = name().toLowerCase(Locale.ROOT);

		/** The outcome in lower case. */
		public String word() {
			return this.word;
		}

	}

}
