package dev.realtime;

/**
 * A named stream of messages: dot-separated segments of {@code [A-Za-z0-9_-]}, at most
 * {@value #MAX_LENGTH} characters, such as {@code room.42}. Names whose first character
 * is an underscore belong to the engine (see {@link #isReserved()}).
 *
 * @param name the legal name
 */
public record Topic(String name) implements Comparable<Topic> {

	/** Longest legal name, in characters. */
	public static final int MAX_LENGTH = 255;

	/**
	 * Checks the name.
	 * @throws IllegalTopicException when the name is not legal, saying where and why
	 */
	public Topic {
		check(name);
	}

	/** The topic of this name; reads better than {@code new} in a call. */
	public static Topic of(String name) {
		return new Topic(name);
	}

	/**
	 * Whether the name is the engine's own, such as {@code _presence.room.42}: an
	 * application neither publishes to it nor lets clients send to it.
	 */
	public boolean isReserved() {
		return this.name.charAt(0) == '_';
	}

	@Override
	public int compareTo(Topic other) {
		return this.name.compareTo(other.name);
	}

	@Override
	public String toString() {
		return this.name;
	}

	private static void check(String name) {
		if (name.isEmpty()) {
			throw new IllegalTopicException(name, "it is empty");
		}
		if (name.length() > MAX_LENGTH) {
			throw new IllegalTopicException(name.substring(0, 40) + "…",
					"it has " + name.length() + " characters, at most " + MAX_LENGTH + " are allowed");
		}
		boolean segmentIsEmpty = true;
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c == '.') {
				if (segmentIsEmpty) {
					throw new IllegalTopicException(name, "the segment that ends at index " + i + " is empty");
				}
				segmentIsEmpty = true;
			}
			else if (isLegal(c)) {
				segmentIsEmpty = false;
			}
			else {
				throw new IllegalTopicException(name, describe(c) + " at index " + i
						+ " is not allowed; use A-Z a-z 0-9 _ - in segments that are separated by dots");
			}
		}
		if (segmentIsEmpty) {
			throw new IllegalTopicException(name, "the last segment is empty");
		}
	}

	private static boolean isLegal(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
	}

	private static String describe(char c) {
		return (c > ' ' && c < 127) ? "'" + c + "'" : String.format("character U+%04X", (int) c);
	}

}
