package dev.realtime.spring.publisher;

import java.util.List;
import java.util.function.Function;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/** A topic's name with placeholders. What fills one can never add a segment. */
final class TopicTemplate {

	private final Template template;

	/** The topic itself where there is nothing to fill. */
	private final @Nullable Topic fixed;

	private TopicTemplate(Template template, @Nullable Topic fixed) {
		this.template = template;
		this.fixed = fixed;
	}

	/**
	 * Checks all that is known without values.
	 * @throws IllegalArgumentException when no value could make a legal topic of it, or
	 * when it is the engine's own
	 */
	static TopicTemplate parse(String text) {
		Template template = Template.parse(text);
		Topic sample = Topic.of(template.fill((placeholder) -> "x"));
		refuseReserved(text, sample);
		return new TopicTemplate(template, template.placeholders().isEmpty() ? sample : null);
	}

	List<Template.Placeholder> placeholders() {
		return this.template.placeholders();
	}

	/** The topic's name with every placeholder replaced, which need not be legal. */
	String rewrite(Function<Template.Placeholder, String> replacements) {
		return this.template.fill(replacements);
	}

	/**
	 * The topic with every placeholder filled.
	 * @throws IllegalTopicException when a value is missing or not legal, naming the
	 * placeholder
	 */
	Topic fill(Function<Template.Placeholder, @Nullable Object> values) {
		if (this.fixed != null) {
			return this.fixed;
		}
		Topic topic = Topic.of(this.template.fill((placeholder) -> legal(placeholder, values.apply(placeholder))));
		refuseReserved(this.template.text(), topic);
		return topic;
	}

	private String legal(Template.Placeholder placeholder, @Nullable Object value) {
		String text = (value != null) ? value.toString() : "";
		if (text.isEmpty()) {
			throw new IllegalTopicException(this.template.text(),
					placeholder + " was filled with " + ((value != null) ? "an empty value" : "null"));
		}
		for (int i = 0; i < text.length(); i++) {
			if (!isLegal(text.charAt(i))) {
				throw new IllegalTopicException(this.template.text(),
						placeholder + " was filled with \"" + shortened(text) + "\", whose character at index " + i
								+ " is a separator or a control character");
			}
		}
		return text;
	}

	private static void refuseReserved(String text, Topic topic) {
		if (topic.isReserved()) {
			throw IllegalTopicException.reserved(text);
		}
	}

	/**
	 * Whether a value may have the character: neither a dot nor a slash, nor what the
	 * template itself separates its parts with.
	 */
	private boolean isLegal(char c) {
		return isOfWord(c)
				|| (c != '.' && c != '/' && !Character.isISOControl(c) && this.template.text().indexOf(c) < 0);
	}

	private static boolean isOfWord(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
	}

	/** A value of a user's goes into a message that may be logged: short, one line. */
	private static String shortened(String text) {
		String printable = text.replaceAll("[^ -~]", "?");
		return (printable.length() > 40) ? printable.substring(0, 40) + "..." : printable;
	}

	@Override
	public String toString() {
		return this.template.text();
	}

}
