package dev.realtime.spring.publisher;

/**
 * A {@link PublishedOn} that cannot work; the message names the type of the events and
 * says why. It is found when the application starts, or, for a type outside of the
 * application's packages, at its first event.
 */
public class InvalidPublishedOnException extends IllegalStateException {

	InvalidPublishedOnException(Class<?> type, String why) {
		super("@PublishedOn on " + type.getName() + ": " + why);
	}

}
