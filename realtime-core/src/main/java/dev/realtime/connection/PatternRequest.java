package dev.realtime.connection;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it subscribes to all topics of a pattern.
 *
 * @param id the subscription's id, unique on the connection
 * @param pattern which topics
 * @param resume the last position it has of each topic that it names, to recover from
 * @param resuming whether it had the subscription before
 * @param receipt the receipt id to answer with, or null
 * @param mayRead decides about each topic before the subscription follows it; asked on
 * {@code application}, once for each topic while that is followed, and denies by throwing
 * @param application runs the application's code; may refuse for a while
 * @param listener told when the client is answered, or null
 */
public record PatternRequest(String id, TopicPattern pattern, Map<Topic, Position> resume, boolean resuming,
		@Nullable String receipt, Predicate<Topic> mayRead, Executor application,
		@Nullable SubscribeListener listener) {

	/**
	 * Copies the positions.
	 */
	public PatternRequest {
		resume = Map.copyOf(resume);
	}

	/** Creates a request without a listener. */
	public PatternRequest(String id, TopicPattern pattern, Map<Topic, Position> resume, boolean resuming,
			@Nullable String receipt, Predicate<Topic> mayRead, Executor application) {
		this(id, pattern, resume, resuming, receipt, mayRead, application, null);
	}

	/** Returns the same request without the listener. */
	PatternRequest unobserved() {
		return (this.listener == null) ? this : new PatternRequest(this.id, this.pattern, this.resume, this.resuming,
				this.receipt, this.mayRead, this.application);
	}

}
