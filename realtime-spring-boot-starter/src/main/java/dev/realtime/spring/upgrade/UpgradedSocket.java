package dev.realtime.spring.upgrade;

import java.nio.ByteBuffer;

import dev.realtime.hub.Transport;
import dev.realtime.spring.websocket.ClientSocket;

/** A socket that the container has handed over. Any thread may call. */
interface UpgradedSocket extends ClientSocket {

	/** Says whose socket it is, before the container hands it over. */
	void begin(UpgradedSession session, UpgradeContext context);

	/**
	 * Starts writing, without blocking.
	 * @param bytes the caller's again when this returns
	 * @param done called once, on any thread, when the socket has taken everything or has
	 * failed. No other write begins before, except of control frames
	 */
	void write(ByteBuffer bytes, Transport.Completion done);

	/**
	 * Writes a control frame, after what is being written.
	 * @param bytes the socket's from now on
	 */
	void control(ByteBuffer bytes);

	/** Ends our half of the connection, after what is being written. */
	void endOutput();

	/** Whether something is being written. */
	boolean isWriting();

	/** Whether the socket is open, as far as we know. */
	boolean isOpen();

}
