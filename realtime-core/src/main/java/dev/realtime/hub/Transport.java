package dev.realtime.hub;

import java.util.List;

/**
 * Writes to one connection's socket. Called by the connection's shard alone, one write at
 * a time; no method may block or throw.
 */
public interface Transport {

	/**
	 * Starts writing; the next write comes only after {@code done} was called.
	 * @param frames in order; the list is reused after this method has returned, the
	 * frames may be kept
	 * @param done called once, on any thread, possibly before this method returns: null
	 * when the socket took everything, else the failure, after which the connection is
	 * closed
	 */
	void write(List<Frame> frames, Completion done);

	/**
	 * How many bytes to hand over in one write, unless a single frame is larger. Clients
	 * may limit the size of one WebSocket message.
	 */
	int batchBytes();

	/** Closes the socket, after what was written or, when that is stuck, without it. */
	void close(CloseReason reason);

	/** Told when a write is done. */
	@FunctionalInterface
	interface Completion {

		void done(@org.jspecify.annotations.Nullable Throwable failure);

	}

}
