package dev.realtime.conformance.driver;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line into words, with double or single quotes around some. */
public final class CommandLine {

	private CommandLine() {
	}

	/**
	 * Returns the words.
	 * @throws IllegalArgumentException if there is none, or a quote has no end
	 */
	public static List<String> split(String line) {
		List<String> words = new ArrayList<>();
		StringBuilder word = new StringBuilder();
		boolean begun = false;
		char quote = 0;
		for (int i = 0; i < line.length(); i++) {
			char next = line.charAt(i);
			if (quote != 0 && next == quote) {
				quote = 0;
			}
			else if (quote == 0 && (next == '"' || next == '\'')) {
				quote = next;
				begun = true;
			}
			else if (quote == 0 && Character.isWhitespace(next)) {
				if (begun) {
					words.add(word.toString());
				}
				word.setLength(0);
				begun = false;
			}
			else {
				word.append(next);
				begun = true;
			}
		}
		if (quote != 0) {
			throw new IllegalArgumentException("--client-command has a quote without an end: " + line);
		}
		if (begun) {
			words.add(word.toString());
		}
		if (words.isEmpty()) {
			throw new IllegalArgumentException("--client-command is empty");
		}
		return words;
	}

}
