package dev.realtime.connection;

import java.time.Duration;

import dev.realtime.delivery.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one connection's socket. Called by the connection's shard alone, one write at
 * a time; no method may block or throw.
 */
public interface Transport {

	/**
	 * Starts writing; the next write comes only after {@code done} was called.
	 * @param batch what to write, in order
	 * @param done called once, on any thread, possibly before this method returns: null
	 * when the socket took everything, else the failure, after which the connection is
	 * closed
	 */
	void write(Batch batch, Completion done);

	/**
	 * How many bytes to hand over in one write, unless a single frame is larger; 0 means
	 * one frame. Clients may limit the size of one WebSocket message, or read one frame
	 * from each.
	 */
	int batchBytes();

	/** Closes the socket, after what was written or, when that is stuck, without it. */
	void close(CloseReason reason);

	/** How the frames reach the client; always the same. */
	default TransportKind kind() {
		return TransportKind.OTHER;
	}

	/**
	 * Nothing was read for so long: a transport may probe, with a WebSocket ping. Called
	 * about once a second.
	 * @return false when the other side must be gone
	 */
	default boolean probe(long nanos) {
		return true;
	}

	/**
	 * Returns how long the other side took to answer the last probe; any thread may ask.
	 * Null if that is not known.
	 */
	default @Nullable Duration roundTrip() {
		return null;
	}

	/** Told when a write is done. */
	@FunctionalInterface
	interface Completion {

		void done(@Nullable Throwable failure);

	}

}
