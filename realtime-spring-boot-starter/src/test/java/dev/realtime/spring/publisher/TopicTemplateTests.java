package dev.realtime.spring.publisher;

import java.util.Map;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TopicTemplateTests {

	@Test
	void fillsSeveralPlaceholdersAlsoWithinASegment() {
		TopicTemplate template = TopicTemplate.parse("org-{org}.room.{payload.room.id}-x");
		Map<String, Object> values = Map.of("org", 7, "payload", "a_B-9");
		assertThat(template.fill((placeholder) -> values.get(placeholder.root())))
			.isEqualTo(Topic.of("org-7.room.a_B-9-x"));
		assertThat(template.placeholders()).extracting(Object::toString).containsExactly("{org}", "{payload.room.id}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a.b", ".", "a/b", "/", "a\nb", "\0", "{x}" })
	void refusesAValueThatWouldAddASegmentOrIsNoText(String value) {
		TopicTemplate template = TopicTemplate.parse("room.{roomId}");
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> template.fill((placeholder) -> value))
			.withMessageContaining("room.{roomId}")
			.withMessageContaining("{roomId} was filled with \"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "Zürich", "*", "ann@host", "a:b", "%2F" })
	void takesAnyOtherValueAsItIs(String value) {
		assertThat(TopicTemplate.parse("room/{roomId}").fill((placeholder) -> value))
			.isEqualTo(Topic.of("room/" + value));
	}

	@Test
	void refusesAValueWithASeparatorOfTheTemplate() {
		TopicTemplate template = TopicTemplate.parse("price:{market}:{symbol}");
		assertThat(template.fill((placeholder) -> "a@b")).isEqualTo(Topic.of("price:a@b:a@b"));
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> template.fill((placeholder) -> "a:b"))
			.withMessageContaining("index 1 is a separator");
	}

	@Test
	void refusesNothing() {
		TopicTemplate template = TopicTemplate.parse("room.{roomId}");
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> template.fill((placeholder) -> null))
			.withMessageContaining("{roomId} was filled with null");
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> template.fill((placeholder) -> ""))
			.withMessageContaining("{roomId} was filled with an empty value");
	}

	@Test
	void cannotBeFilledToATopicOfTheEngine() {
		TopicTemplate template = TopicTemplate.parse("{scope}.room");
		assertThatExceptionOfType(IllegalTopicException.class)
			.isThrownBy(() -> template.fill((placeholder) -> "_presence"))
			.withMessageContaining("are reserved");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "room.{", "room.}", "room.{}", "room.{a-b}", "room.{a..b}", "a\nb.{id}",
			"_presence.{id}", "_queue.{id}" })
	void refusesWhatCanNeverBecomeATopic(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> TopicTemplate.parse(text));
	}

}
