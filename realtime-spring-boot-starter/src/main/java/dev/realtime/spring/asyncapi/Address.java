package dev.realtime.spring.asyncapi;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The destination of a channel. Public for our own packages; not for applications.
 *
 * @param text such as <code>/topic/room.{roomId}</code>
 * @param parameters a description of each parameter; empty if nothing is known
 */
public record Address(String text, Map<String, String> parameters) {

	private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_-]");

	public Address {
		parameters = new TreeMap<>(parameters);
	}

	/**
	 * Reads the pattern of a mapping: variables, perhaps with an expression, and
	 * wildcards, which become parameters.
	 */
	public static Address ofPattern(String pattern) {
		StringBuilder text = new StringBuilder();
		Map<String, String> parameters = new TreeMap<>();
		int at = 0;
		while (at < pattern.length()) {
			char c = pattern.charAt(at);
			int end = at + 1;
			if (c == '{') {
				end = endOfVariable(pattern, at);
				text.append(variable(pattern.substring(at + 1, end - 1), parameters));
			}
			else if (c == '*' || c == '?') {
				while (c == '*' && end < pattern.length() && pattern.charAt(end) == '*') {
					end++;
				}
				text.append(wildcard(pattern.substring(at, end), parameters));
			}
			else {
				text.append(c);
			}
			at = end;
		}
		return new Address(text.toString(), parameters);
	}

	/** Returns the address with something in place of each parameter. */
	String sample() {
		return this.text.replaceAll("\\{[A-Za-z0-9_-]+}", "x");
	}

	/** Returns a word for the address, of letters, digits and a few other characters. */
	public String id() {
		String id = this.text.replaceAll("[{}]", "").replaceAll("[^A-Za-z0-9_.-]+", "-").replaceAll("^-+|-+$", "");
		return id.isEmpty() ? "root" : id;
	}

	/** Expressions have braces, too. */
	private static int endOfVariable(String pattern, int start) {
		int depth = 0;
		for (int i = start; i < pattern.length(); i++) {
			depth += switch (pattern.charAt(i)) {
				case '{' -> 1;
				case '}' -> -1;
				default -> 0;
			};
			if (depth == 0) {
				return i + 1;
			}
		}
		return pattern.length();
	}

	private static String variable(String inside, Map<String, String> parameters) {
		int colon = inside.indexOf(':');
		String name = (colon < 0) ? inside : inside.substring(0, colon);
		String legal = ILLEGAL.matcher(name).replaceAll("_");
		parameters.put(legal, (colon < 0) ? "" : "Matches " + inside.substring(colon + 1));
		return '{' + legal + '}';
	}

	private static String wildcard(String wildcard, Map<String, String> parameters) {
		String name = "any" + (parameters.size() + 1);
		parameters.put(name, switch (wildcard) {
			case "?" -> "Any character";
			case "*" -> "Any text within a segment";
			default -> "Any segments";
		});
		return '{' + name + '}';
	}

}
