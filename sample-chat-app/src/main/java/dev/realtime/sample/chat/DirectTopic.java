package dev.realtime.sample.chat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import dev.realtime.Topic;

/**
 * What two people say to each other alone is on {@code dm.<one>.<other>}, whoever of them
 * began. A topic has fewer letters than a name: each byte that is none of them becomes
 * {@code _hh}, as in personal topics.
 *
 * @param one the name that comes first, as a segment of the topic
 * @param other the other name, as a segment
 */
record DirectTopic(String one, String other) {

	private static final String PREFIX = "dm.";

	static DirectTopic between(String someone, String another) {
		String first = segment(someone);
		String second = segment(another);
		return (first.compareTo(second) <= 0) ? new DirectTopic(first, second) : new DirectTopic(second, first);
	}

	static boolean is(Topic topic) {
		return topic.name().startsWith(PREFIX);
	}

	/** Whether the topic is this person's with somebody. */
	static boolean isOf(String name, Topic topic) {
		String[] segments = topic.name().split("\\.", -1);
		String segment = segment(name);
		return is(topic) && segments.length == 3 && (segments[1].equals(segment) || segments[2].equals(segment));
	}

	private static String segment(String name) {
		StringBuilder segment = new StringBuilder();
		for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
			boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-';
			segment.append(plain ? String.valueOf((char) b) : '_' + HexFormat.of().toHexDigits(b));
		}
		return segment.toString();
	}

}
