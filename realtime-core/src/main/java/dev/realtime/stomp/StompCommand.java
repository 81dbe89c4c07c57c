package dev.realtime.stomp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** The commands of STOMP 1.2 that a client may send. */
public enum StompCommand {

	CONNECT, STOMP, SUBSCRIBE, UNSUBSCRIBE, SEND, ACK, NACK, BEGIN, COMMIT, ABORT, DISCONNECT;

	private static final StompCommand[] ALL = values();

	private static final byte[][] NAMES = Arrays.stream(ALL)
		.map((command) -> command.name().getBytes(StandardCharsets.US_ASCII))
		.toArray(byte[][]::new);

	/** Returns the command that these bytes name, whose case counts, or null. */
	static @Nullable StompCommand of(byte[] name, int from, int to) {
		for (int i = 0; i < ALL.length; i++) {
			if (Arrays.equals(NAMES[i], 0, NAMES[i].length, name, from, to)) {
				return ALL[i];
			}
		}
		return null;
	}

	/** Whether it opens the session. */
	public boolean opens() {
		return this == CONNECT || this == STOMP;
	}

}
