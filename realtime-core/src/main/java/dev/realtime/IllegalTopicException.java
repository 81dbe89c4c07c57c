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

	private static String shown(String name) {
		return (name.length() <= SHOWN) ? TopicNames.printable(name)
				: TopicNames.printable(name.substring(0, SHOWN / 2)) + '…';
	}

}
