package dev.realtime;

/** A topic name that is not legal; the message says what is wrong with it. */
public class IllegalTopicException extends IllegalArgumentException {

	/** How many characters of the name the message shows. */
	private static final int SHOWN = 80;

	/**
	 * Reports an illegal name.
	 * @param name the name as given
	 * @param why what is wrong with it
	 */
	public IllegalTopicException(String name, String why) {
		super("Illegal topic name \"" + shown(name) + "\": " + why);
	}

	/**
	 * Returns the refusal of a reserved name where only an application's own are allowed.
	 * @param name the name as given
	 */
	public static IllegalTopicException reserved(String name) {
		return new IllegalTopicException(name,
				"names such as _word.x are reserved; the destination /topic/_word.x stands for the topic __word.x");
	}

	private static String shown(String name) {
		return (name.length() <= SHOWN) ? TopicNames.printable(name)
				: TopicNames.printable(name.substring(0, SHOWN / 2)) + '…';
	}

}
