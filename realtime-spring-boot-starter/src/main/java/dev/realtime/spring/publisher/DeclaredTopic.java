package dev.realtime.spring.publisher;

import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * A topic that application code is declared to publish on, and what it publishes. Not
 * meant for applications.
 *
 * @param source the method or the type that declares it, such as
 * {@code RoomTopics.posted}
 * @param topic the topic's name with parameters, such as <code>room.{roomId}</code>
 * @param parameters what fills each parameter, in words; empty if nothing is known
 * @param payload the declared type of the payload
 * @param type the messages' type, or null
 */
public record DeclaredTopic(String source, String topic, Map<String, String> parameters, Type payload,
		@Nullable String type) {

	private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_-]");

	public DeclaredTopic {
		parameters = Map.copyOf(parameters);
	}

	/** Describes the messages of a method or an event class. */
	static DeclaredTopic of(String source, MessageTemplate message, ResolvableType payload) {
		return of(source, message.topic(), payload, message.type());
	}

	/**
	 * Describes the topic of an annotation that Spring Modulith reads.
	 * @param template the topic, with placeholders that name properties of the payload
	 * @throws IllegalArgumentException when no value could make a legal topic of it
	 */
	public static DeclaredTopic of(String source, String template, Class<?> payload) {
		return of(source, TopicTemplate.parse(template), ResolvableType.forClass(payload), null);
	}

	private static DeclaredTopic of(String source, TopicTemplate topic, ResolvableType payload, @Nullable String type) {
		Map<String, String> parameters = new TreeMap<>();
		topic.placeholders().forEach((each) -> parameters.put(name(each), origin(each)));
		return new DeclaredTopic(source, topic.rewrite((each) -> '{' + name(each) + '}'), parameters, type(payload),
				type);
	}

	/** Names of parameters have letters, digits, hyphens and underscores. */
	private static String name(Template.Placeholder placeholder) {
		boolean named = !placeholder.isPayload() || placeholder.path().isEmpty();
		String name = String.join("_", named ? placeholder.properties() : placeholder.path());
		return ILLEGAL.matcher(name).replaceAll("_");
	}

	private static String origin(Template.Placeholder placeholder) {
		if (placeholder.isPayload() && !placeholder.path().isEmpty()) {
			return "The property " + String.join(".", placeholder.path()) + " of the payload";
		}
		return "";
	}

	/** A type variable that nothing binds may be anything. */
	private static Type type(ResolvableType payload) {
		if (payload.resolve() == null) {
			return Object.class;
		}
		boolean variable = payload.getType() instanceof TypeVariable || payload.getType() instanceof WildcardType;
		return (variable || payload.hasUnresolvableGenerics()) ? payload.toClass() : payload.getType();
	}

}
