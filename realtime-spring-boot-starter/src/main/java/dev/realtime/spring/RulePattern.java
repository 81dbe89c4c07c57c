package dev.realtime.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;

/**
 * The pattern of a topic rule. It is a {@link TopicPattern} in which a segment may have a
 * name: {@code order.{user}.*} matches the topics that {@code order.*.*} matches.
 */
public final class RulePattern {

	private static final Pattern NAMED = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)}");

	private final TopicPattern pattern;

	private final String separator;

	/** The name of each segment; an empty text for those without one. */
	private final List<String> names = new ArrayList<>();

	/**
	 * Reads a pattern.
	 * @throws dev.realtime.IllegalTopicException when it could match no topic
	 */
	RulePattern(String text) {
		this.separator = (text.indexOf('/') >= 0) ? "/" : ".";
		List<String> segments = new ArrayList<>();
		for (String segment : split(text)) {
			boolean named = NAMED.matcher(segment).matches();
			this.names.add(named ? segment.substring(1, segment.length() - 1) : "");
			segments.add(named ? "*" : segment);
		}
		this.pattern = new TopicPattern(String.join(this.separator, segments));
	}

	/** Returns the pattern without names. */
	public TopicPattern pattern() {
		return this.pattern;
	}

	/** Whether the topic's name fits. */
	public boolean matches(Topic topic) {
		return this.pattern.matches(topic);
	}

	/** Returns the index of the segment of this name, or -1. */
	int indexOf(String name) {
		return this.names.indexOf(name);
	}

	/** Returns the segment of a topic that {@linkplain #matches matches}. */
	public String segment(Topic topic, int index) {
		return split(topic.name()).get(index);
	}

	private List<String> split(String text) {
		return List.of(text.split(Pattern.quote(this.separator), -1));
	}

}
