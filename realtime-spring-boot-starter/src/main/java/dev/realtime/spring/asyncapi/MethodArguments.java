package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.MessageMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * What a mapped method reads of a message. Asks the resolvers of Spring's handler, in
 * their order, which of them fills each parameter.
 *
 * @param payload the type of the payload; null if the method does not read it
 * @param headers the headers that it reads, and whether it requires them
 */
record MethodArguments(@Nullable Type payload, Map<String, Boolean> headers) {

	static MethodArguments of(HandlerMethod method, List<HandlerMethodArgumentResolver> resolvers) {
		Type payload = null;
		Map<String, Boolean> headers = new TreeMap<>();
		for (MethodParameter parameter : method.getMethodParameters()) {
			HandlerMethodArgumentResolver resolver = resolvers.stream()
				.filter((each) -> each.supportsParameter(parameter))
				.findFirst()
				.orElse(null);
			ResolvableType type = ResolvableType.forMethodParameter(parameter);
			if (resolver instanceof PayloadMethodArgumentResolver) {
				// several may take it, each in its own way
				payload = (payload == null || parameter.hasParameterAnnotation(Payload.class)) ? bound(type) : payload;
			}
			else if (resolver instanceof MessageMethodArgumentResolver && payload == null) {
				payload = bound(type.as(Message.class).getGeneric(0));
			}
			else if (resolver instanceof HeaderMethodArgumentResolver) {
				addHeader(parameter, headers);
			}
		}
		return new MethodArguments(payload, headers);
	}

	Described.Sent message() {
		return new Described.Sent(this.payload, null, null, this.headers);
	}

	/**
	 * Returns the type without variables that nothing binds, and what an Optional has.
	 */
	static Type bound(ResolvableType type) {
		if (type.resolve() == null) {
			return Object.class;
		}
		if (type.toClass() == Optional.class) {
			return bound(type.getGeneric(0));
		}
		boolean variable = type.getType() instanceof TypeVariable || type.getType() instanceof WildcardType;
		return (variable || type.hasUnresolvableGenerics()) ? type.toClass() : type.getType();
	}

	/** Headers that Spring's messaging sets, whatever clients send. */
	private static boolean isOfTheServer(String name) {
		return name.startsWith("simp") || name.equals("lookupDestination") || name.equals("nativeHeaders");
	}

	private static void addHeader(MethodParameter parameter, Map<String, Boolean> headers) {
		Header header = parameter.getParameterAnnotation(Header.class);
		if (header == null) {
			return;
		}
		String name = header.name().isEmpty() ? parameter.getParameterName() : header.name();
		if (name != null && !isOfTheServer(name)) {
			boolean required = header.required() && header.defaultValue().equals(ValueConstants.DEFAULT_NONE)
					&& !parameter.isOptional();
			headers.put(name.startsWith("nativeHeaders.") ? name.substring(14) : name, required);
		}
	}

}
