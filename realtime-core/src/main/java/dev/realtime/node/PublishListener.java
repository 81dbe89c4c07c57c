package dev.realtime.node;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Told how each publication of a process ended. Called on threads of the broker's: must
 * be quick and never block. What it throws changes nothing for the publisher.
 */
@FunctionalInterface
public interface PublishListener {

	/**
	 * A publication has its receipt, or failed.
	 * @param nanos from the call until then
	 * @param failure why it failed, or null when the message is stored
	 */
	void onPublished(Topic topic, long nanos, @Nullable Throwable failure);

}
