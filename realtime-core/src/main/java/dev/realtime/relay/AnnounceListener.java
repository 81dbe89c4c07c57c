package dev.realtime.relay;

import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/** Told of announcements of messages that carry a trace. */
@FunctionalInterface
public interface AnnounceListener {

	/** Ignores everything. */
	AnnounceListener NONE = (message, nanos, failure) -> {
	};

	/**
	 * A relay has taken the announcement, or has failed to. Called on threads of the
	 * relay's or of the broker's: must be quick, never block. What it throws changes
	 * nothing for the message.
	 * @param nanos from the call until then
	 * @param failure why it failed, or null
	 */
	void announced(TopicMessage message, long nanos, @Nullable Throwable failure);

}
