package dev.realtime;

/**
 * A named stream of messages, such as {@code room.42} or {@code room/42}. The name has
 * any characters except control characters, at most {@value #MAX_BYTES} bytes in UTF-8.
 * Two names are equal only if they have the same characters.
 * <p>
 * Names of the form {@code _word.} and something belong to the engine (see
 * {@link #isReserved()}). Where what follows the prefix of an application's destination
 * has this form, the topic's name has one more underscore in front (see
 * {@link #fromDestination(String)}).
 *
 * @param name the legal name
 */
public record Topic(String name) implements Comparable<Topic> {

	/** Longest name of an application's topic, in bytes of UTF-8. */
	public static final int MAX_BYTES = 255;

	/** Longest reserved name, in bytes of UTF-8. */
	public static final int MAX_RESERVED_BYTES = 320;

	/**
	 * Checks the name.
	 * @throws IllegalTopicException when the name is not legal, saying where and why
	 */
	public Topic {
		TopicNames.check(name);
	}

	/** The topic of this name; reads better than {@code new} in a call. */
	public static Topic of(String name) {
		return new Topic(name);
	}

	/**
	 * Returns the application's topic for the text behind the prefix of a destination:
	 * {@code room/42} for {@code room/42}, and {@code __audit.log} for
	 * {@code _audit.log}. Never a reserved one.
	 * @throws IllegalTopicException when the text is no legal name
	 */
	public static Topic fromDestination(String text) {
		return new Topic((TopicNames.underscores(text) > 0) ? '_' + text : text);
	}

	/**
	 * Returns the text that {@link #fromDestination(String)} makes this topic of; the
	 * name itself for a reserved one.
	 */
	public String inDestination() {
		return (TopicNames.underscores(this.name) > 1) ? this.name.substring(1) : this.name;
	}

	/**
	 * Whether the name is the engine's own, such as {@code _presence.room.42}: an
	 * application neither publishes to it nor lets clients send to it.
	 */
	public boolean isReserved() {
		return TopicNames.underscores(this.name) == 1;
	}

	/** By code point, which is also the order of the names' bytes in UTF-8. */
	@Override
	public int compareTo(Topic other) {
		return TopicNames.compare(this.name, other.name);
	}

	/**
	 * Returns the name for sentences and logs: characters that do not show, such as line
	 * separators, are escaped. Use {@link #name()} for everything else.
	 */
	@Override
	public String toString() {
		return TopicNames.printable(this.name);
	}

}
