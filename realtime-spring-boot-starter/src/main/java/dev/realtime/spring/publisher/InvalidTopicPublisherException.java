package dev.realtime.spring.publisher;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A {@link TopicPublisher} that cannot work, found when the application starts; the
 * message names the method and says why.
 */
public class InvalidTopicPublisherException extends IllegalStateException {

	InvalidTopicPublisherException(Method method, String why) {
		super("@TopicPublisher on " + describe(method) + ": " + why);
	}

	InvalidTopicPublisherException(Class<?> type, String why) {
		super("@TopicPublisher on " + type.getName() + ": " + why);
	}

	private static String describe(Method method) {
		return Arrays.stream(method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(
					Collectors.joining(", ", method.getDeclaringClass().getName() + '.' + method.getName() + '(', ")"));
	}

}
