package dev.realtime.stomp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The header names that most frames have. Frames share these strings, so a common name
 * costs neither a string of its own nor its hash code.
 */
final class HeaderNames {

	private static final List<String> COMMON = List.of("destination", "id", "receipt", "content-type", "content-length",
			"accept-version", "host", "heart-beat", "login", "passcode", "realtime", "single-frames", "ack",
			"transaction", "authorization", "Authorization", "type", "epoch", "last-seq", "rewind", "exclude-self",
			"subscription-token");

	private static final int LONGEST = 18;

	/** By length, which is nearly unique. */
	private static final Name[][] BY_LENGTH = new Name[LONGEST + 1][];

	static {
		for (int i = 0; i <= LONGEST; i++) {
			int length = i;
			BY_LENGTH[i] = COMMON.stream()
				.filter((name) -> name.length() == length)
				.map((name) -> new Name(name, name.getBytes(StandardCharsets.US_ASCII)))
				.toArray(Name[]::new);
		}
	}

	private HeaderNames() {
	}

	/** Returns the common name that these bytes are, or null. */
	static @Nullable String find(byte[] bytes, int from, int to) {
		if (to - from <= LONGEST) {
			for (Name each : BY_LENGTH[to - from]) {
				if (Arrays.equals(each.bytes(), 0, to - from, bytes, from, to)) {
					return each.text();
				}
			}
		}
		return null;
	}

	/** A name as text and as bytes. */
	@SuppressWarnings("ArrayRecordComponent")
	private record Name(String text, byte[] bytes) {
	}

}
