package dev.realtime.spring.publisher;

import java.util.HashMap;
import java.util.Map;

import dev.realtime.Publication;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Makes publications of a method's calls: worked out and checked once is where each
 * placeholder gets its value from.
 */
final class PublishingMethod {

	private static final int FROM_PAYLOAD = -1;

	private final Declaration declaration;

	private final ResolvableType payload;

	/** The parameter's index for each root, or {@link #FROM_PAYLOAD}. */
	private final Map<String, Integer> sources = new HashMap<>();

	/**
	 * Checks what the placeholders read.
	 * @param payload the declared type of what is published
	 * @throws InvalidTopicPublisherException when it cannot work
	 */
	PublishingMethod(Declaration declaration, Parameters parameters, ResolvableType payload) {
		this.declaration = declaration;
		this.payload = payload;
		for (Template.Placeholder placeholder : declaration.placeholders()) {
			bind(placeholder, parameters, payload);
		}
	}

	/**
	 * The publication of one call.
	 * @throws IllegalArgumentException when a value does not fit into the topic or the id
	 */
	Publication publication(@Nullable Object[] arguments, Object payload, PayloadConverter converter) {
		return this.declaration.message()
			.publication(payload, converter, (placeholder) -> value(placeholder, arguments, payload));
	}

	/** Returns what is known before any call. */
	DeclaredTopic declared(String source) {
		return DeclaredTopic.of(source, this.declaration.message(), this.payload);
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
