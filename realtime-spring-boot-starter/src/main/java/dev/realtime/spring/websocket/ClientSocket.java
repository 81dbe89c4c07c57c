package dev.realtime.spring.websocket;

/** A client's socket, as far as what comes from it is concerned. Any thread may call. */
public interface ClientSocket {

	/** Reads no more for now. What was read already may still be handed on. */
	void stopReading();

	/** Reads again. */
	void startReading();

	/** Closes the socket without a word. */
	void abort();

	/**
	 * The executor takes nothing of the client's now: it is full, or the application
	 * ends.
	 */
	default void refused() {
		abort();
	}

	/** Runs a task after a time, unless the application ends. */
	void later(Runnable task, int millis);

}
