package dev.realtime.spring.publisher;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.realtime.Publication;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a message that an annotation declares, with placeholders.
 *
 * @param topic where to publish
 * @param type the messages' type, or null
 * @param id the messages' id, or null
 * @param sender the user who says it, or null
 * @param important whether a topic's rate never leaves them out
 */
record MessageTemplate(TopicTemplate topic, @Nullable String type, @Nullable Template id, @Nullable Template sender,
		boolean important) {

	/**
	 * Reads an annotation's attributes, of which empty ones are not set.
	 * @throws IllegalArgumentException when one cannot work
	 */
	static MessageTemplate parse(String topic, String type, String id, String sender, boolean important) {
		return new MessageTemplate(TopicTemplate.parse(topic), type.isEmpty() ? null : type,
				id.isEmpty() ? null : Template.parse(id), sender.isEmpty() ? null : Template.parse(sender), important);
	}

	/** All placeholders, those of the topic first. */
	List<Template.Placeholder> placeholders() {
		Stream<Template.Placeholder> others = Stream.of(this.id, this.sender)
			.filter(Objects::nonNull)
			.flatMap((template) -> template.placeholders().stream());
		return Stream.concat(this.topic.placeholders().stream(), others).toList();
	}

	/**
	 * Fills the placeholders.
	 * @throws IllegalArgumentException when a value does not fit into the topic or the id
	 */
	Publication publication(Object payload, PayloadConverter converter,
			Function<Template.Placeholder, @Nullable Object> values) {
		Topic filled = this.topic.fill(values);
		return new Publication(filled, converter.convert(payload, this.type), id(values), null, null, sender(values),
				null, this.important);
	}

	private @Nullable String id(Function<Template.Placeholder, @Nullable Object> values) {
		return (this.id == null) ? null : this.id.fill((placeholder) -> {
			Object value = values.apply(placeholder);
			if (value == null) {
				throw new IllegalArgumentException("The message id needs " + placeholder + ", which is null");
			}
			return value.toString();
		});
	}

	private @Nullable String sender(Function<Template.Placeholder, @Nullable Object> values) {
		boolean known = this.sender != null
				&& this.sender.placeholders().stream().allMatch((placeholder) -> values.apply(placeholder) != null);
		return (this.sender != null && known)
				? this.sender.fill((placeholder) -> String.valueOf(values.apply(placeholder))) : null;
	}

}
