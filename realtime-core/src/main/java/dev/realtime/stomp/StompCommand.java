package dev.realtime.stomp;

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

	/** Whether it opens the session. */
	public boolean opens() {
		return this == CONNECT || this == STOMP;
	}

}
