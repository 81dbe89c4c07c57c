package dev.realtime.spring;

import java.util.function.Supplier;

import dev.realtime.IllegalTopicException;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.SubscribeException;

/**
 * Reads topics and positions that clients send. What is not legal is refused in the
 * core's own words. No application code may run inside these calls, because its
 * exceptions could carry other words.
 */
public final class ClientInput {

	private ClientInput() {
	}

	/**
	 * Returns the topic of this name.
	 * @throws RefusedException when the name is not legal
	 */
	public static Topic topic(String reason, String name) {
		return topic(reason, () -> Topic.of(name));
	}

	/**
	 * Returns the topic that is found.
	 * @throws RefusedException when its name is not legal
	 */
	public static Topic topic(String reason, Supplier<Topic> found) {
		return of(reason, found);
	}

	/**
	 * Returns what is made of a client's topic or pattern.
	 * @throws RefusedException when it is not legal
	 */
	public static <T> T of(String reason, Supplier<T> made) {
		try {
			return made.get();
		}
		catch (IllegalTopicException ex) {
			throw refused(reason, ex);
		}
	}

	/**
	 * Returns the position of the two parts.
	 * @throws RefusedException when one of them is not legal
	 */
	public static Position position(String reason, String epoch, long seq) {
		try {
			return new Position(epoch, seq);
		}
		catch (IllegalArgumentException ex) {
			throw refusal(reason, ex);
		}
	}

	/** Returns the refusal of a subscription. */
	public static RefusedException refused(SubscribeException ex) {
		return new RefusedException(ex.reason(), String.valueOf(ex.getMessage()), ex);
	}

	/** Returns the refusal of an illegal topic. */
	public static RefusedException refused(String reason, IllegalTopicException ex) {
		return refusal(reason, ex);
	}

	private static RefusedException refusal(String reason, IllegalArgumentException ex) {
		return new RefusedException(reason, String.valueOf(ex.getMessage()), ex);
	}

}
