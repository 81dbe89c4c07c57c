package dev.realtime.spring.sessions;

import java.util.ArrayList;
import java.util.List;

/** Texts in one text, as nodes send them: each has its length and a colon in front. */
final class Words {

	private Words() {
	}

	static String text(List<String> words) {
		StringBuilder text = new StringBuilder();
		words.forEach((word) -> text.append(word.length()).append(':').append(word));
		return text.toString();
	}

	/**
	 * Reads the texts.
	 * @throws IllegalArgumentException if they are malformed, or fewer than expected
	 */
	static List<String> of(String text, int least) {
		List<String> words = new ArrayList<>();
		int position = 0;
		while (position < text.length()) {
			int colon = text.indexOf(':', position);
			int length = (colon > position) ? Integer.parseInt(text, position, colon, 10) : -1;
			if (length < 0 || length > text.length() - colon - 1) {
				throw new IllegalArgumentException("No text begins at index " + position);
			}
			position = colon + 1 + length;
			words.add(text.substring(colon + 1, position));
		}
		if (words.size() < least) {
			throw new IllegalArgumentException("There are " + words.size() + " texts instead of " + least);
		}
		return words;
	}

}
