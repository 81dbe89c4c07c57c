package dev.realtime.spring;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may do something on the topics of a rule: one entry of
 * {@code realtime.topics.<name>.read}, {@code .publish} or {@code .members}.
 */
public sealed interface Grant {

	/** The words of an entry, as they are written. */
	String WORDS = "anyone, authenticated, nobody, role:<name>, authority:<name> or owner:{<segment>}";

	/** Grants to every client, whether its user is known or not. */
	record Anyone() implements Grant {
	}

	/** Grants to every client whose user is known. */
	record Authenticated() implements Grant {
	}

	/** Grants to no client. The application still publishes and reads. */
	record Nobody() implements Grant {
	}

	/**
	 * Grants to users who have an authority of Spring Security's.
	 *
	 * @param name such as ROLE_ADMIN or SCOPE_chat
	 */
	record Authority(String name) implements Grant {
	}

	/**
	 * Grants to the user whom a segment of the topic's name names. The segment must be
	 * the user's name character by character, so a user whose name has the pattern's
	 * separator owns no topic.
	 *
	 * @param segment the index of the segment
	 */
	record Owner(int segment) implements Grant {
	}

	/**
	 * Reads the entries of a property; one of them is enough.
	 * @throws InvalidRealtimePropertyException when one is none of {@link #WORDS}
	 */
	static List<Grant> parse(String property, List<String> entries, RulePattern pattern) {
		PropertyBounds.check(!entries.isEmpty(), property, entries, "must be " + WORDS);
		return entries.stream().map((entry) -> parse(property, entry.strip(), pattern)).toList();
	}

	private static Grant parse(String property, String entry, RulePattern pattern) {
		return switch (entry) {
			case "anyone" -> new Anyone();
			case "authenticated" -> new Authenticated();
			case "nobody" -> new Nobody();
			default -> {
				Matcher word = Pattern.compile("(role|authority|owner):(\\S+)").matcher(entry);
				PropertyBounds.check(word.matches(), property, entry, "must be " + WORDS);
				yield switch (word.group(1)) {
					case "role" -> new Authority("ROLE_" + word.group(2));
					case "authority" -> new Authority(word.group(2));
					default -> owner(property, entry, word.group(2), pattern);
				};
			}
		};
	}

	private static Owner owner(String property, String entry, String segment, RulePattern pattern) {
		boolean braces = segment.startsWith("{") && segment.endsWith("}");
		int index = braces ? pattern.indexOf(segment.substring(1, segment.length() - 1)) : -1;
		PropertyBounds.check(index >= 0, property, entry,
				"must name a segment of the rule's pattern: owner:{user} for the pattern order.{user}.*");
		return new Owner(index);
	}

}
