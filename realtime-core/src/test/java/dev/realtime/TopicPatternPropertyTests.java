package dev.realtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** All short patterns and all short names of a small alphabet. */
class TopicPatternPropertyTests {

	private static final List<Topic> TOPICS = texts("ab./", 5).stream().map(Topic::of).toList();

	private static final List<TopicPattern> PATTERNS = patterns(texts("ab./*", 4));

	@Test
	void matchesWhatItsSegmentsMatch() {
		for (TopicPattern pattern : PATTERNS) {
			for (Topic topic : TOPICS) {
				if (pattern.matches(topic) != matches(pattern.text(), topic.name())) {
					throw new AssertionError(pattern.text() + " and " + topic.name());
				}
			}
		}
	}

	/** That both have a topic in common but do not overlap would lose messages. */
	@Test
	void overlapsEveryPatternWithWhichItHasATopicInCommon() {
		List<BitSet> matched = PATTERNS.stream().map(TopicPatternPropertyTests::matched).toList();
		for (int i = 0; i < PATTERNS.size(); i++) {
			TopicPattern one = PATTERNS.get(i);
			for (int j = 0; j <= i; j++) {
				TopicPattern other = PATTERNS.get(j);
				boolean overlaps = one.overlaps(other);
				if (overlaps != other.overlaps(one) || (!overlaps && matched.get(i).intersects(matched.get(j)))) {
					throw new AssertionError(one.text() + " and " + other.text());
				}
			}
		}
	}

	@Test
	void overlapsNoNameWithOtherCharacters() {
		for (TopicPattern pattern : PATTERNS) {
			String regex = pattern.text().replace(".", "\\.").replace("**", "*").replace("*", ".*");
			for (TopicPattern name : PATTERNS) {
				if (name.text().indexOf('*') < 0 && pattern.overlaps(name) && !name.text().matches(regex)) {
					throw new AssertionError(pattern.text() + " and " + name.text());
				}
			}
		}
	}

	@Test
	void thereAreEnoughOfThem() {
		assertThat(TOPICS).hasSize(4 + 16 + 64 + 256 + 1_024);
		assertThat(PATTERNS).hasSizeBetween(400, 780);
	}

	/** Returns the topics that a pattern matches, by their index. */
	private static BitSet matched(TopicPattern pattern) {
		BitSet matched = new BitSet();
		for (int i = 0; i < TOPICS.size(); i++) {
			matched.set(i, pattern.matches(TOPICS.get(i)));
		}
		return matched;
	}

	private static boolean matches(String pattern, String name) {
		boolean slashes = pattern.contains("/");
		boolean dots = pattern.contains(".");
		if (!slashes && !dots) {
			return pattern.equals("**")
					|| (pattern.equals("*") ? !name.contains("/") && !name.contains(".") : pattern.equals(name));
		}
		String separator = slashes ? "/" : "\\.";
		String[] expected = pattern.split(separator, -1);
		boolean tail = expected[expected.length - 1].equals("**");
		String[] segments = name.split(separator, tail ? expected.length : -1);
		boolean matches = segments.length == expected.length;
		for (int i = 0; matches && i < segments.length; i++) {
			matches = expected[i].startsWith("*") ? !segments[i].isEmpty() : expected[i].equals(segments[i]);
		}
		return matches;
	}

	private static List<TopicPattern> patterns(List<String> texts) {
		List<TopicPattern> patterns = new ArrayList<>();
		for (String text : texts) {
			try {
				patterns.add(new TopicPattern(text));
			}
			catch (IllegalTopicException ex) {
				// no pattern
			}
		}
		return patterns;
	}

	/** Returns all texts of these characters up to a length. */
	private static List<String> texts(String alphabet, int longest) {
		List<String> texts = new ArrayList<>();
		List<String> last = List.of("");
		for (int length = 1; length <= longest; length++) {
			List<String> next = new ArrayList<>();
			last.forEach((begin) -> alphabet.chars().forEach((each) -> next.add(begin + (char) each)));
			texts.addAll(next);
			last = next;
		}
		return texts;
	}

}
