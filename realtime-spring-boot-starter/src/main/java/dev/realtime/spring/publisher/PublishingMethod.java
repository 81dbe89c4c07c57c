package dev.realtime.spring.publisher;

import java.util.HashMap;
import java.util.Map;

import dev.realtime.Publication;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Makes publications of a method's calls: worked out and checked once is where each
 * placeholder gets its value from.
 */
final class PublishingMethod {

	private static final int FROM_PAYLOAD = -1;

	private final Declaration declaration;

	/** The parameter's index for each root, or {@link #FROM_PAYLOAD}. */
	private final Map<String, Integer> sources = new HashMap<>();

	/**
	 * Checks what the placeholders read.
	 * @param payload the declared type of what is published
	 * @throws InvalidTopicPublisherException when it cannot work
	 */
	PublishingMethod(Declaration declaration, Parameters parameters, ResolvableType payload) {
		this.declaration = declaration;
		for (Template.Placeholder placeholder : declaration.placeholders()) {
			bind(placeholder, parameters, payload);
		}
	}

	/**
	 * The publication of one call.
	 * @throws IllegalArgumentException when a value does not fit into the topic or the id
	 */
	Publication publication(@Nullable Object[] arguments, Object payload, PayloadConverter converter) {
		Topic topic = this.declaration.topic().fill((placeholder) -> value(placeholder, arguments, payload));
		return new Publication(topic, converter.convert(payload, this.declaration.type()), id(arguments, payload), null,
				null, sender(arguments, payload), null, this.declaration.important());
	}

	private @Nullable String id(@Nullable Object[] arguments, Object payload) {
		Template id = this.declaration.id();
		return (id == null) ? null : id.fill((placeholder) -> {
			Object value = value(placeholder, arguments, payload);
			if (value == null) {
				throw new IllegalArgumentException("The message id needs " + placeholder + ", which is null");
			}
			return value.toString();
		});
	}

	private @Nullable String sender(@Nullable Object[] arguments, Object payload) {
		Template sender = this.declaration.sender();
		boolean known = sender != null && sender.placeholders()
			.stream()
			.allMatch((placeholder) -> value(placeholder, arguments, payload) != null);
		return (sender != null && known)
				? sender.fill((placeholder) -> String.valueOf(value(placeholder, arguments, payload))) : null;
	}

	private @Nullable Object value(Template.Placeholder placeholder, @Nullable Object[] arguments, Object payload) {
		int source = this.sources.getOrDefault(placeholder.root(), FROM_PAYLOAD);
		return PropertyPath.read((source == FROM_PAYLOAD) ? payload : arguments[source], placeholder.path());
	}

	private void bind(Template.Placeholder placeholder, Parameters parameters, ResolvableType payload) {
		Parameters.Parameter parameter = placeholder.isPayload() ? null : parameters.named(placeholder.root());
		this.sources.put(placeholder.root(), (parameter != null) ? parameter.index() : FROM_PAYLOAD);
		String problem = PropertyPath.problem((parameter != null) ? parameter.type() : payload, placeholder.path());
		if (problem != null) {
			throw this.declaration.invalid("nothing fills " + placeholder + ": " + problem);
		}
	}

}
