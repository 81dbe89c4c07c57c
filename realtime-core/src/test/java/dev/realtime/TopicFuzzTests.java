package dev.realtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.realtime.testing.OddNames;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A name is legal or refused in one short line; a pattern means what a regex means. */
class TopicFuzzTests extends FuzzContract {

	/** A sentence of a refusal, which goes to a client and perhaps into a log. */
	private static final int MOST_SENTENCE = 700;

	@Override
	protected List<byte[]> corpus() {
		String patterns = "room.*\nroom.42\0price.**\nprice.a.b\0user/*\nuser/ann@b.c\0*\na\0**\na.b/c\0*.b.*\na.b.c\0_x.**\n_x.y";
		return bytes(String.join("\0", OddNames.all("x")).concat("\0").concat(patterns).split("\0"));
	}

	@Override
	protected List<String> words() {
		return List.of("*", "**", ".*", "/**", "_presence.", "__presence.", "_user.", "\n", "é", "😀", "\u2028",
				"\u0085", "\u202E");
	}

	@Override
	protected int maxLength() {
		return 700;
	}

	@Override
	protected Object check(byte[] input) {
		String[] texts = text(input).split("\n", 2);
		@Nullable Topic first = topic(texts[0]);
		@Nullable Topic second = (texts.length > 1) ? topic(texts[1]) : first;
		if (first == null || second == null) {
			return (first == null) + "" + (second == null);
		}
		int order = Arrays.compareUnsigned(utf8(first.name()), utf8(second.name()));
		assertThat(Integer.signum(first.compareTo(second))).isEqualTo(Integer.signum(order));
		return List.of(first.isReserved(), second.isReserved(), matches(texts[0], second));
	}

	private static @Nullable Topic topic(String name) {
		fromDestination(name);
		try {
			Topic topic = Topic.of(name);
			assertThat(topic.name()).isEqualTo(name);
			assertThat(utf8(name).length).isBetween(1, Topic.MAX_RESERVED_BYTES);
			assertThat(new String(utf8(name), StandardCharsets.UTF_8)).isEqualTo(name);
			assertThat(isPlain(name)).isTrue();
			assertThat(isPlain(topic.toString())).isTrue();
			assertThat(topic.toString()).doesNotContain("\u2028", "\u202E");
			return topic;
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
			assertThat(ex.getMessage()).hasSizeLessThan(MOST_SENTENCE);
			return null;
		}
	}

	private static void fromDestination(String text) {
		try {
			Topic topic = Topic.fromDestination(text);
			assertThat(topic.isReserved()).isFalse();
			assertThat(topic.inDestination()).isEqualTo(text);
		}
		catch (IllegalTopicException ex) {
			assertThat(isPlain(ex.getMessage())).isTrue();
		}
	}

	private static String matches(String pattern, Topic topic) {
		try {
			boolean matches = new TopicPattern(pattern).matches(topic);
			assertThat(matches).isEqualTo(regex(pattern).matcher(topic.name()).matches());
			return String.valueOf(matches);
		}
		catch (IllegalTopicException ex) {
			return "none";
		}
	}

	/** Returns what the pattern means, said in another way. */
	private static Pattern regex(String pattern) {
		boolean slashes = pattern.contains("/");
		boolean dots = !slashes && pattern.contains(".");
		String segment = slashes ? "[^/]+" : dots ? "[^.]+" : "[^./]+";
		String separator = slashes ? "/" : dots ? "\\." : "(?!)";
		String regex = Arrays.stream(pattern.split(slashes ? "/" : "\\.", -1))
			.map((each) -> each.equals("**") ? ".+" : each.equals("*") ? segment : Pattern.quote(each))
			.collect(Collectors.joining(separator));
		return Pattern.compile(regex, Pattern.DOTALL);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
