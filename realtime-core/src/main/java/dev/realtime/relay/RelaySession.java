package dev.realtime.relay;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * One life of an engine's connection, for {@link SessionRelay}: it ends with the first
 * disconnection and is never revived. Not meant for applications.
 * <p>
 * Calls come one at a time from the relay's thread, except {@link #publish},
 * {@link #confirmsEachPublish}, {@link #isOpen} and {@link #close}, which any thread may
 * call.
 */
public interface RelaySession extends AutoCloseable {

	/** Sends a subscription on its way, without waiting for the answer if possible. */
	void subscribe(Subscription subscription) throws Exception;

	/** Sends the end of a subscription on its way. */
	void unsubscribe(Subscription subscription) throws Exception;

	/**
	 * Waits until everything sent before is in force; also asks whether the connection is
	 * alive.
	 * @param timeout how long to wait at most
	 * @throws Exception if that is not known in time
	 */
	void confirm(Duration timeout) throws Exception;

	/**
	 * Sends bytes to all nodes. Never blocks.
	 * @return completes when they are on their way; fails with a
	 * {@link RelayUnavailableException} that says why they are not
	 */
	CompletionStage<Void> publish(Topic topic, byte[] bytes);

	/**
	 * Whether the stage of {@link #publish} says that the engine has the bytes, so that
	 * they are not lost with this session. Otherwise the next confirmation says so.
	 */
	default boolean confirmsEachPublish() {
		return true;
	}

	/** Whether it has neither broken nor been closed, as far as is known. */
	boolean isOpen();

	/** Ends the session; idempotent; within 2 s. No message arrives afterwards. */
	@Override
	void close();

	/** Opens sessions. */
	interface Opener {

		/**
		 * Connects; blocks up to a time limit of its own.
		 * @param incoming gets what arrives
		 * @param events is told what happens to the session
		 * @throws RelayUnavailableException when the engine is away or refuses
		 */
		RelaySession open(Incoming incoming, Events events);

	}

	/** What may happen to a session; called by any thread, never blocks. */
	interface Events {

		/** The session has ended. */
		void onLost();

		/** Messages were dropped, and the session goes on. */
		void onDropped();

	}

}
