package dev.realtime.spring;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.testing.OddNames;
import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A rule's pattern matches what the same pattern without names matches, and the named
 * segment of a topic is a whole segment of its name, at that place.
 */
class RulePatternFuzzTests extends FuzzContract {

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(bytes("order.{user}.*\norder.ann.1", "hall/{user}/*\nhall/ann@b.c/1",
				"{user}.**\nann.b.c", "box.{user}\nbox.ann.", "a/{b}.c/{d}\na/x.c/y", "{a}.{a}\nb.c",
				"x.{user}.y\nx..y", "order/{user}/**\norder//a/"));
		OddNames.all("x").forEach((name) -> corpus.addAll(bytes("{user}.*\n" + name + ".y", "a/{user}\na/" + name)));
		return corpus;
	}

	@Override
	protected List<String> words() {
		return List.of("{user}", "{", "}", "{}", "*", "**", ".", "/", "_", "\\E", "é", "\u2028", "order", "ann");
	}

	@Override
	protected Object check(byte[] input) {
		String[] texts = text(input).split("\n", 2);
		RulePattern pattern;
		try {
			pattern = new RulePattern(texts[0]);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
			return "illegal";
		}
		Topic topic;
		try {
			topic = Topic.of(texts[texts.length - 1]);
		}
		catch (IllegalTopicException ex) {
			return "no topic";
		}
		assertThat(new TopicPattern(pattern.pattern().text()).matches(topic)).isEqualTo(pattern.matches(topic));
		int named = pattern.indexOf("user");
		if (!pattern.matches(topic) || named < 0) {
			return pattern.matches(topic);
		}
		String separator = (texts[0].indexOf('/') >= 0) ? "/" : ".";
		String segment = pattern.segment(topic, named);
		assertThat(segment).isNotEmpty().doesNotContain(separator);
		assertThat(separator + topic.name() + separator).contains(separator + segment + separator);
		assertThat(segments(topic.name(), separator, named)).isEqualTo(segment);
		return segment.length();
	}

	/** By searching for separators, as the pattern does not. */
	private static String segments(String name, String separator, int index) {
		int begin = 0;
		for (int i = 0; i < index; i++) {
			begin = name.indexOf(separator, begin) + 1;
		}
		int end = name.indexOf(separator, begin);
		return name.substring(begin, (end < 0) ? name.length() : end);
	}

}
