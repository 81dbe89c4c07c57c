package dev.realtime.relay;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of topics as words between dots, for engines whose wildcards stand for words
 * (subjects of NATS, routing keys of RabbitMQ). For implementations of {@link Relay}; not
 * meant for applications.
 *
 * <pre>
 * room.42       room.42
 * room/42       room./42        a word after a slash begins with it
 * a..b          a.%.b           an empty word is %
 * ann@example   ann%40example   other characters than A-Z a-z 0-9 - _ are
 *                               their bytes in UTF-8, as %XX
 * </pre>
 *
 * No two names have the same words, and no word is a wildcard. At most 3 times as long as
 * the name, and one character more for each word.
 */
public final class TopicWords {

	private static final HexFormat HEX = HexFormat.of().withUpperCase();

	private TopicWords() {
	}

	/** Returns the words of a topic. */
	public static String of(Topic topic) {
		return words(topic.name());
	}

	/**
	 * Returns the words that all topics of a pattern begin with, those before its first
	 * wildcard; empty when there are none. Null if the pattern has no wildcard.
	 */
	public static @Nullable String prefix(TopicPattern pattern) {
		int wildcard = pattern.text().indexOf('*');
		if (wildcard < 0) {
			return null;
		}
		return (wildcard == 0) ? "" : words(pattern.text().substring(0, wildcard - 1));
	}

	/** Returns the topic of these words; null if there is none. */
	public static @Nullable Topic topic(String words) {
		StringBuilder name = new StringBuilder();
		String[] each = words.split("\\.", -1);
		try {
			for (int i = 0; i < each.length; i++) {
				boolean slash = i > 0 && each[i].startsWith("/");
				if (i > 0 && !slash) {
					name.append('.');
				}
				name.append(decoded(each[i]));
			}
			Topic topic = Topic.of(name.toString());
			return of(topic).equals(words) ? topic : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static String words(String name) {
		StringBuilder words = new StringBuilder(name.length() + 16);
		int wordStart = 0;
		for (int i = 0; i < name.length();) {
			int c = name.codePointAt(i);
			if (c == '.' || c == '/') {
				if (words.length() == wordStart) {
					words.append('%');
				}
				words.append('.');
				wordStart = words.length();
				if (c == '/') {
					words.append('/');
				}
			}
			else if (isPlain(c)) {
				words.append((char) c);
			}
			else {
				for (byte each : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
					words.append('%').append(HEX.toHexDigits(each));
				}
			}
			i += Character.charCount(c);
		}
		if (words.length() == wordStart) {
			words.append('%');
		}
		return words.toString();
	}

	private static String decoded(String word) {
		if (word.equals("%") || word.indexOf('%') < 0) {
			return word.equals("%") ? "" : word;
		}
		byte[] bytes = new byte[word.length()];
		int length = 0;
		for (int i = 0; i < word.length(); i++) {
			if (word.charAt(i) == '%') {
				bytes[length++] = (byte) HexFormat.fromHexDigits(word, i + 1, Math.min(i + 3, word.length()));
				i += 2;
			}
			else {
				bytes[length++] = (byte) word.charAt(i);
			}
		}
		return new String(bytes, 0, length, StandardCharsets.UTF_8);
	}

	private static boolean isPlain(int c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
	}

}
