package dev.realtime.stomp;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/** The commands of STOMP 1.2 that a client may send. */
public enum StompCommand {

	CONNECT, STOMP, SUBSCRIBE, UNSUBSCRIBE, SEND, ACK, NACK, BEGIN, COMMIT, ABORT, DISCONNECT;

	/** Returns the command of this name, whose case counts, or null. */
	static @Nullable StompCommand of(String name) {
		for (StompCommand command : values()) {
			if (command.name().equals(name)) {
				return command;
			}
		}
		return null;
	}

	/**
	 * Returns the command of a frame.
	 * @throws MalformedFrameException when clients have no such command
	 */
	public static StompCommand of(ByteBuffer frame) {
		StringBuilder name = new StringBuilder();
		for (int i = frame.position(); i < frame.limit() && name.length() < 16; i++) {
			byte each = frame.get(i);
			if (each == '\n' || each == '\r') {
				break;
			}
			name.append((char) (each & 0xff));
		}
		return FrameReader.command(name.toString());
	}

	/** Whether it opens the session. */
	public boolean opens() {
		return this == CONNECT || this == STOMP;
	}

}
