package dev.realtime.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Topic;

/**
 * What follows the prefix of destinations that applications have, and that must differ.
 */
public final class OddNames {

	private OddNames() {
	}

	/**
	 * Returns texts that are pairwise different topics, each with the mark in it.
	 * @param mark what makes the texts those of one test; letters and digits
	 */
	public static List<String> all(String mark) {
		List<String> names = new ArrayList<>(List.of(mark, "room/" + mark, "room." + mark, "Room." + mark,
				mark + "@example.com", "price:" + mark, "Zürich" + mark, "Zu\u0308rich" + mark, "Zurich" + mark,
				"ß" + mark, "ss" + mark, "😀" + mark, "\uFFFD" + mark, mark + ' ', ' ' + mark, mark + " b",
				mark + "%2F", mark + '/', '/' + mark, mark + "//b", mark + ".", '.' + mark, mark + "..b",
				"{" + mark + '}', '}' + mark + '{', mark + "}:i:a", "{}" + mark, mark + ",b", mark + "\\b", mark + "'b",
				mark + "\"b", mark + ";b", mark + "?b=c&d", mark + "#b", mark + "+b", mark + "<b>", '_' + mark,
				'_' + mark + "/b", '_' + mark + ".b", "__" + mark + ".b", "_user." + mark + ".queue.x",
				"_queue." + mark, mark + "\u2028b", mark + "\u202Eb", mark + "\u200Bb", mark + "\u00A0"));
		names.add(longest(mark, "é"));
		names.add(longest(mark, "😀"));
		names.add(longest(mark, "x"));
		return List.copyOf(names);
	}

	/** Returns the topics of {@link #all}. */
	public static List<Topic> topics(String mark) {
		return all(mark).stream().map(Topic::fromDestination).toList();
	}

	/** Returns a name of 255 bytes that ends with as many of the given as fit. */
	private static String longest(String mark, String filling) {
		int each = filling.getBytes(StandardCharsets.UTF_8).length;
		int room = Topic.MAX_BYTES - mark.length();
		return mark + "x".repeat(room % each) + filling.repeat(room / each);
	}

}
