package dev.realtime.relay;

import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.testing.OddNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TopicWordsTests {

	private static final List<Topic> TOPICS = OddNames.topics("words");

	@Test
	void noTwoTopicsHaveTheSameWordsAndEachIsFoundByThem() {
		assertThat(TOPICS).extracting(TopicWords::of).doesNotHaveDuplicates();
		assertThat(TOPICS).allSatisfy((topic) -> assertThat(TopicWords.topic(TopicWords.of(topic))).isEqualTo(topic));
	}

	@Test
	void wordsAreNeitherEmptyNorWildcardsAndHaveNoSpaces() {
		assertThat(TOPICS).extracting(TopicWords::of)
			.allSatisfy((words) -> assertThat(words).matches("(/|[A-Za-z0-9_%/-]+)(\\.(/|[A-Za-z0-9_%/-]+))*")
				.hasSizeLessThanOrEqualTo(3 * Topic.MAX_RESERVED_BYTES + 2 * Topic.MAX_RESERVED_BYTES));
	}

	@Test
	void whatIsNoTopicsWordsHasNoTopic() {
		assertThat(List.of("", ".", "a..b", "a b", "%2", "%zz", "a.%61", "*", "%FF", "a.", "ä"))
			.allSatisfy((words) -> assertThat(TopicWords.topic(words)).isNull());
	}

	@Test
	void theTopicsOfAPatternBeginWithItsPrefix() {
		for (String text : List.of("room.*", "room/*", "a.*.x", "room.**", "*", "**", "/*", "a..*", "ü/*/x")) {
			TopicPattern pattern = new TopicPattern(text);
			String prefix = TopicWords.prefix(pattern);
			Topic topic = Topic.of(text.replace("**", "1/2").replace("*", "z y"));

			assertThat(pattern.matches(topic) || !text.equals("**")).isTrue();
			assertThat(prefix).isNotNull();
			assertThat(TopicWords.of(topic)).startsWith(prefix.isEmpty() ? "" : prefix + '.');
		}
		assertThat(TopicWords.prefix(new TopicPattern("room.42"))).isNull();
	}

}
