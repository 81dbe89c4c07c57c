package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What {@link TopicPublisher} says about one method, once the defaults of the type are
 * applied and the templates are known to be legal.
 *
 * @param method the method
 * @param message what it publishes
 */
record Declaration(Method method, MessageTemplate message) {

	/**
	 * Reads the annotations of an interface's method: its own, and the interface's.
	 * @return null when there is none
	 */
	static @Nullable Declaration ofInterface(Method method, Class<?> type) {
		TopicPublisher own = AnnotatedElementUtils.findMergedAnnotation(method, TopicPublisher.class);
		TopicPublisher defaults = AnnotatedElementUtils.findMergedAnnotation(type, TopicPublisher.class);
		if (own == null) {
			return (defaults == null || DefaultBody.exists(method)) ? null : of(method, defaults, defaults);
		}
		return of(method, own, (defaults != null) ? defaults : own);
	}

	/**
	 * Reads the annotation of a bean's method.
	 * @return null when there is none
	 */
	static @Nullable Declaration ofBean(Method method) {
		TopicPublisher own = AnnotatedElementUtils.findMergedAnnotation(method, TopicPublisher.class);
		return (own == null) ? null : of(method, own, own);
	}

	private static Declaration of(Method method, TopicPublisher own, TopicPublisher defaults) {
		String topic = first(own.value(), defaults.value());
		String type = first(own.type(), defaults.type());
		String id = first(own.id(), defaults.id());
		String sender = first(own.sender(), defaults.sender());
		if (topic.isEmpty()) {
			throw new InvalidTopicPublisherException(method, "it names no topic");
		}
		try {
			return new Declaration(method,
					MessageTemplate.parse(topic, type, id, sender, own.important() || defaults.important()));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidTopicPublisherException(method, String.valueOf(ex.getMessage()));
		}
	}

	/** All placeholders, those of the topic first. */
	List<Template.Placeholder> placeholders() {
		return this.message.placeholders();
	}

	/** The parameters that are a value themselves, not only the root of a path. */
	Set<String> variables() {
		Set<String> variables = new HashSet<>();
		for (Template.Placeholder placeholder : placeholders()) {
			if (placeholder.path().isEmpty() && !placeholder.isPayload()) {
				variables.add(placeholder.root());
			}
		}
		return variables;
	}

	/** The exception for this method. */
	InvalidTopicPublisherException invalid(String why) {
		return new InvalidTopicPublisherException(this.method, why);
	}

	private static String first(String one, String other) {
		return one.isEmpty() ? other : one;
	}

}
