package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.nio.ByteBuffer;

import dev.realtime.connection.Transport;
import dev.realtime.spring.websocket.ClientSocket;
import org.slf4j.LoggerFactory;

/** A socket that the container has handed over. Any thread may call. */
interface UpgradedSocket extends ClientSocket {

	/** Returns what writes to it. */
	SocketOutput output();

	/** Says whose socket it is, before the container hands it over. */
	void begin(UpgradedSession session, UpgradeContext context);

	/**
	 * Starts writing, without blocking.
	 * @param bytes the caller's again when this returns
	 * @param done called once, on any thread, when the socket has taken everything or has
	 * failed. No other write begins before, except of control frames
	 */
	default void write(ByteBuffer bytes, Transport.Completion done) {
		output().write(bytes, done);
	}

	/**
	 * Writes a control frame, after what is being written.
	 * @param bytes the socket's from now on
	 */
	default void control(ByteBuffer bytes) {
		try {
			output().control(bytes);
		}
		catch (IOException ex) {
			LoggerFactory.getLogger(UpgradedSocket.class).debug("A control frame could not be written", ex);
			abort();
		}
	}

	/** Ends our half of the connection, after what is being written. */
	default void endOutput() {
		output().end();
	}

	/** Whether something is being written. */
	default boolean isWriting() {
		return output().isWriting();
	}

	/** Whether the socket is open, as far as we know. */
	default boolean isOpen() {
		return output().isOpen();
	}

}
