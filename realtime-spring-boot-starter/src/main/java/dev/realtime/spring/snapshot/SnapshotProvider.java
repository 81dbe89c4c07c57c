package dev.realtime.spring.snapshot;

import java.security.Principal;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the state of some topics, for {@code GET /realtime/topics/{topic}/snapshot}.
 * Declare a bean for each kind of topic; of several that match a topic the first in order
 * ({@code @Order}) is asked.
 * <p>
 * The client continues live from the snapshot's position, and the messages after it come
 * from the log. So that nothing is missing, what a message tells must be in the state
 * before the message can be read: change the state and then publish, or do both in one
 * transaction; and read the state as it is now, not as it was when an earlier transaction
 * began.
 *
 * @param <T> the state's type; the converter of Spring's STOMP support makes JSON of it
 */
public interface SnapshotProvider<T> {

	/** The topics whose state this bean knows; asked once. */
	TopicPattern pattern();

	/**
	 * The state as it is now. Called on the request's thread, in its security context and
	 * after the user was found to be allowed to read the topic; may block.
	 * @param user who asks; null when nobody is logged in
	 * @return null where there is no such thing, which becomes a 404
	 * @throws RuntimeException becomes a 500 that tells nothing; but an
	 * {@link org.springframework.web.server.ResponseStatusException} is answered as it
	 * says
	 */
	@Nullable Snapshot<T> snapshot(Topic topic, @Nullable Principal user);

}
