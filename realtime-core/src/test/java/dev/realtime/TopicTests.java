package dev.realtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

import dev.realtime.testing.OddNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopicTests {

	@Test
	void isWhatFollowsThePrefix() {
		List<String> texts = OddNames.all("x");
		assertThat(texts).allSatisfy((text) -> {
			Topic topic = Topic.fromDestination(text);
			assertThat(topic.inDestination()).isEqualTo(text);
			assertThat(topic.isReserved()).isFalse();
			assertThat(Topic.of(topic.name())).isEqualTo(topic);
		});
		assertThat(new HashSet<>(OddNames.topics("x"))).hasSameSizeAs(texts);
	}

	@ParameterizedTest
	@CsvSource({ "room.42, room.42", "room/42, room/42", "_status, _status", "_a/b, _a/b", "_.a, _.a", "___, ___",
			"_a.b, __a.b", "__a.b, ___a.b", "_user.ann.queue.x, __user.ann.queue.x", "_a-b_c.d, __a-b_c.d",
			"_ä.b, _ä.b" })
	void hasOneUnderscoreMoreWhereTheTextLooksReserved(String text, String name) {
		assertThat(Topic.fromDestination(text).name()).isEqualTo(name);
		assertThat(Topic.of(name).inDestination()).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "_presence.room.42", "_presence.a/b", "_user.ann.queue.x", "_queue.orders", "_-_5fx.y" })
	void isReservedWithOneUnderscoreAWordAndADot(String name) {
		assertThat(Topic.of(name).isReserved()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\nb", "a\u0000", "\u007F", "a\u0085b", "\u009F", "a\uD800b", "\uDC00", "a\uD800",
			"__presence.room", "_presence.", "_presence.a\nb", "_presence.__presence.a" })
	void isNoOtherText(String name) {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> Topic.of(name));
	}

	@Test
	void hasAtMost255BytesAndAReservedOne320() {
		assertThat(Topic.of("x".repeat(255)).name()).hasSize(255);
		assertThat(Topic.fromDestination("_a." + "x".repeat(252)).name()).hasSize(256);
		assertThat(Topic.of("_a." + "x".repeat(317)).name()).hasSize(320);
		for (String name : List.of("x".repeat(256), "é".repeat(128), "😀".repeat(64), "__a." + "x".repeat(253),
				"_a." + "x".repeat(318))) {
			assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> Topic.of(name))
				.withMessageContaining("bytes of UTF-8");
		}
	}

	@Test
	void hasTheOrderOfItsBytes() {
		List<Topic> topics = OddNames.topics("x").stream().sorted().toList();
		assertThat(topics).isSortedAccordingTo((one, other) -> Arrays.compareUnsigned(bytes(one), bytes(other)));
	}

	@Test
	void isShownOnOneLineWithoutHiddenCharacters() {
		assertThat(Topic.of("Zürich/😀 {a}").toString()).isEqualTo("Zürich/😀 {a}");
		assertThat(Topic.of("a\u2028b\u202Ec\u200B").toString()).isEqualTo("a\\u2028b\\u202Ec\\u200B");
		assertThat(new IllegalTopicException("a\r\nb\u001B[31m", "it is bad"))
			.hasMessage("Illegal topic name \"a\\u000D\\u000Ab\\u001B[31m\": it is bad");
		assertThat(new IllegalTopicException("x".repeat(1_000), "it is bad").getMessage()).hasSizeLessThan(100);
	}

	private static byte[] bytes(Topic topic) {
		return topic.name().getBytes(StandardCharsets.UTF_8);
	}

}
