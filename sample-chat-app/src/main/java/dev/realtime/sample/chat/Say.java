package dev.realtime.sample.chat;

import org.jspecify.annotations.Nullable;

/**
 * What a client sends to say something.
 *
 * @param text the words
 */
record Say(@Nullable String text) {

	static final int MAX_LENGTH = 2_000;

	/**
	 * The words, without blanks around them.
	 * @throws RefusedException when nothing is left, or too much
	 */
	String words() {
		if (this.text == null || this.text.isBlank()) {
			throw new RefusedException("The message is empty");
		}
		String words = this.text.strip();
		if (words.length() > MAX_LENGTH) {
			throw new RefusedException(
					"The message has " + words.length() + " characters, at most " + MAX_LENGTH + " are allowed");
		}
		return words;
	}

}
