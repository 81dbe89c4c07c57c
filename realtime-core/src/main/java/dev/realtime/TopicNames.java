package dev.realtime;

/**
 * The rules for names of topics. A name that begins with underscores, a word and a dot
 * has the reserved form; with exactly one underscore it is reserved.
 */
final class TopicNames {

	/** What names of the topics of joins and leaves begin with; a legal name follows. */
	private static final String PRESENCE = "_presence.";

	/** No destination leads to such a name: {@code /topic/_presence.x} is not it. */
	private static final String NOWHERE = '_' + PRESENCE;

	private TopicNames() {
	}

	/**
	 * Passes a legal name.
	 * @throws IllegalTopicException when it is not legal, saying where and why
	 */
	static void check(String name) {
		if (name.isEmpty()) {
			throw new IllegalTopicException(name, "it is empty");
		}
		int underscores = underscores(name);
		int most = (underscores == 1) ? Topic.MAX_RESERVED_BYTES
				: (underscores > 1) ? Topic.MAX_BYTES + 1 : Topic.MAX_BYTES;
		if (name.length() > most || bytes(name) > most) {
			throw new IllegalTopicException(name, "it is longer than " + most + " bytes of UTF-8");
		}
		if (name.startsWith(NOWHERE)) {
			throw new IllegalTopicException(name,
					"destinations below /topic/_presence. are reserved for join and leave events");
		}
		if (name.startsWith(PRESENCE)) {
			check(name.substring(PRESENCE.length()));
		}
	}

	/**
	 * Returns how many underscores a name of the reserved form begins with; 0 if it does
	 * not have that form.
	 */
	static int underscores(String name) {
		int count = 0;
		while (count < name.length() && name.charAt(count) == '_') {
			count++;
		}
		if (count == 0 || count == name.length() || name.charAt(count) == '.') {
			return 0;
		}
		for (int i = count; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c == '.') {
				return count;
			}
			if (!isOfWord(c)) {
				return 0;
			}
		}
		return 0;
	}

	/** Returns the length in UTF-8; refuses what is no character of a name. */
	private static int bytes(String name) {
		int bytes = 0;
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (Character.isISOControl(c)) {
				throw new IllegalTopicException(name,
						String.format("control character U+%04X at index ", (int) c) + i + " is not allowed");
			}
			if (c < 0x80) {
				bytes++;
			}
			else if (c < 0x800) {
				bytes += 2;
			}
			else if (!Character.isSurrogate(c)) {
				bytes += 3;
			}
			else if (Character.isHighSurrogate(c) && i + 1 < name.length()
					&& Character.isLowSurrogate(name.charAt(i + 1))) {
				bytes += 4;
				i++;
			}
			else {
				throw new IllegalTopicException(name, "index " + i + " is half a surrogate pair");
			}
		}
		return bytes;
	}

	/** By code point, which is the order of the UTF-8 bytes and of every table. */
	static int compare(String left, String right) {
		int common = Math.min(left.length(), right.length());
		for (int i = 0; i < common; i++) {
			char l = left.charAt(i);
			char r = right.charAt(i);
			if (l != r) {
				boolean oneIsSurrogate = Character.isSurrogate(l) != Character.isSurrogate(r);
				return oneIsSurrogate ? Boolean.compare(Character.isSurrogate(l), Character.isSurrogate(r))
						: Character.compare(l, r);
			}
		}
		return Integer.compare(left.length(), right.length());
	}

	/**
	 * Returns the text as sentences and logs show it: on one line, with an escape for
	 * what does not show by itself.
	 */
	static String printable(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < ' ' || c > '~') {
				return escaped(text);
			}
		}
		return text;
	}

	private static String escaped(String text) {
		StringBuilder shown = new StringBuilder(text.length() + 16);
		text.codePoints().forEach((point) -> {
			if (shows(point)) {
				shown.appendCodePoint(point);
			}
			else if (Character.isBmpCodePoint(point)) {
				shown.append(String.format("\\u%04X", point));
			}
			else {
				shown.append(String.format("\\u%04X\\u%04X", (int) Character.highSurrogate(point),
						(int) Character.lowSurrogate(point)));
			}
		});
		return shown.toString();
	}

	private static boolean shows(int point) {
		return switch (Character.getType(point)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

	private static boolean isOfWord(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
	}

}
