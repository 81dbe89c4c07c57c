package dev.realtime.presence;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.Content;
import dev.realtime.Topic;

/** The events that were published about topics, each topic's in their order. */
public abstract class PublishedEvents {

	private static final Pattern EVENT = Pattern.compile("\\{\"event\":\"(\\w+)\",\"(user|count)\":(\".*\"|\\d+)}");

	private static final Pattern ESCAPED = Pattern.compile("\\\\(u[0-9a-f]{4}|.)");

	/** Everything about one topic: {@code "+ann"}, {@code "-ann"}, {@code "count 7"}. */
	public abstract List<String> on(Topic topic);

	/** Everything about one user: {@code "+-+"}. */
	public final String of(Topic topic, String user) {
		StringBuilder signs = new StringBuilder();
		for (String event : on(topic)) {
			if (event.substring(1).equals(user)) {
				signs.append(event.charAt(0));
			}
		}
		return signs.toString();
	}

	public final long joins(Topic topic, String user) {
		return of(topic, user).chars().filter((sign) -> sign == '+').count();
	}

	public final long leaves(Topic topic, String user) {
		return of(topic, user).chars().filter((sign) -> sign == '-').count();
	}

	/** Reads a message as a client does. */
	protected static String read(Content content) {
		Matcher event = EVENT.matcher(content.text());
		if (!event.matches() || !event.group(1).equals(content.type()) || !content.contentType().equals(Content.JSON)) {
			throw new IllegalArgumentException("No event: " + content.text());
		}
		String value = event.group(3);
		return switch (event.group(1)) {
			case "join" -> '+' + unquoted(value);
			case "leave" -> '-' + unquoted(value);
			default -> event.group(1) + ' ' + Long.parseLong(value);
		};
	}

	private static String unquoted(String json) {
		return ESCAPED.matcher(json.substring(1, json.length() - 1)).replaceAll((escaped) -> {
			String what = escaped.group(1);
			char c = (what.length() == 5) ? (char) Integer.parseInt(what.substring(1), 16) : what.charAt(0);
			return Matcher.quoteReplacement(String.valueOf(c));
		});
	}

}
