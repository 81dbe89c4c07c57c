package dev.realtime.spring.publisher;

import java.util.List;
import java.util.stream.Collectors;

import dev.realtime.Publication;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * What {@link PublishedOn} says about the events of a class, known to be possible.
 *
 * @param message what is published
 * @param payload the path from the event to the payload; empty for the event itself
 */
record PublishedEvents(MessageTemplate message, List<String> payload) {

	private static final List<String> PAYLOAD = List.of("payload");

	PublishedEvents {
		payload = List.copyOf(payload);
	}

	/** Whether events of the class are published. */
	static boolean areOf(Class<?> type) {
		return AnnotationUtils.isCandidateClass(type, PublishedOn.class)
				&& AnnotatedElementUtils.hasAnnotation(type, PublishedOn.class);
	}

	/**
	 * Reads the annotation of a class, its own or an inherited one.
	 * @return null when there is none
	 * @throws InvalidPublishedOnException when it cannot work
	 */
	static @Nullable PublishedEvents of(Class<?> type) {
		return areOf(type) ? read(type, nearest(type)) : null;
	}

	/**
	 * The publication of one event.
	 * @throws IllegalArgumentException when a value does not fit into the topic or the id
	 */
	Publication publication(Object event, PayloadConverter converter) {
		Object body = PropertyPath.read(event, this.payload);
		if (body == null) {
			throw new IllegalArgumentException("The payload \"" + String.join(".", this.payload) + "\" of an event of "
					+ event.getClass().getName() + " is null");
		}
		return this.message.publication(body, converter, (placeholder) -> placeholder.isPayload()
				? PropertyPath.read(body, placeholder.path()) : PropertyPath.read(event, placeholder.properties()));
	}

	/** Returns what is known before any event. */
	DeclaredTopic declared(Class<?> type) {
		return DeclaredTopic.of(type.getSimpleName(), this.message, body(type));
	}

	private ResolvableType body(Class<?> type) {
		ResolvableType event = ResolvableType.forClass(type);
		return this.payload.isEmpty() ? event : PropertyPath.type(event, this.payload);
	}

	private static PublishedEvents read(Class<?> type, PublishedOn annotation) {
		try {
			PublishedEvents events = new PublishedEvents(MessageTemplate.parse(annotation.value(), annotation.type(),
					annotation.id(), annotation.sender(), annotation.important()), payload(type, annotation.payload()));
			events.check(type);
			return events;
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPublishedOnException(type, String.valueOf(ex.getMessage()));
		}
	}

	/** The annotation of the most specific type; unrelated types may not both decide. */
	private static PublishedOn nearest(Class<?> type) {
		List<MergedAnnotation<PublishedOn>> all = MergedAnnotations
			.from(type, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY)
			.stream(PublishedOn.class)
			.toList();
		return all.stream()
			.filter((one) -> all.stream().allMatch((other) -> source(other).isAssignableFrom(source(one))))
			.findFirst()
			.orElseThrow(() -> new InvalidPublishedOnException(type,
					"it inherits the annotation from several types: "
							+ all.stream().map((one) -> source(one).getName()).collect(Collectors.joining(", "))
							+ "; annotate the type itself"))
			.synthesize();
	}

	private static Class<?> source(MergedAnnotation<?> annotation) {
		return (annotation.getSource() instanceof Class<?> type) ? type : Object.class;
	}

	private static List<String> payload(Class<?> type, String path) {
		if (!path.isEmpty()) {
			return List.of(path.split("\\.", -1));
		}
		if (PayloadApplicationEvent.class.isAssignableFrom(type)) {
			return PAYLOAD;
		}
		if (ApplicationEvent.class.isAssignableFrom(type)) {
			throw new IllegalArgumentException("it is an ApplicationEvent, whose source is not published; name the "
					+ "property to publish with payload = \"...\", or do not extend ApplicationEvent");
		}
		return List.of();
	}

	private void check(Class<?> type) {
		ResolvableType event = ResolvableType.forClass(type);
		refuse("the payload", PropertyPath.problem(event, this.payload));
		ResolvableType body = body(type);
		for (Template.Placeholder placeholder : this.message.placeholders()) {
			refuse(placeholder.toString(), placeholder.isPayload() ? PropertyPath.problem(body, placeholder.path())
					: PropertyPath.problem(event, placeholder.properties()));
		}
	}

	private static void refuse(String what, @Nullable String problem) {
		if (problem != null) {
			throw new IllegalArgumentException("nothing fills " + what + ": " + problem);
		}
	}

}
