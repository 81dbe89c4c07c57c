package dev.realtime;

/** A topic name that is not legal; the message says what is wrong with it. */
public class IllegalTopicException extends IllegalArgumentException {

	/**
	 * Reports an illegal name.
	 * @param name the name as given
	 * @param why what is wrong with it
	 */
	public IllegalTopicException(String name, String why) {
		super("Illegal topic name \"" + printable(name) + "\": " + why);
	}

	private static String printable(String name) {
		return name.replaceAll("[^ -~…]", "?");
	}

}
