package dev.realtime.connection;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it subscribes.
 *
 * @param id the subscription's id, unique on the connection
 * @param topic what it wants
 * @param resume the last position it has, to recover from; or null
 * @param rewind how many of the latest messages to replay first, 0 for none; ignored with
 * {@code resume}
 * @param receipt the receipt id to answer with, or null
 * @param listener told what becomes of it, or null
 */
public record SubscribeRequest(String id, Topic topic, @Nullable Position resume, int rewind, @Nullable String receipt,
		@Nullable SubscribeListener listener) {

	/** Creates a request without a listener. */
	public SubscribeRequest(String id, Topic topic, @Nullable Position resume, int rewind, @Nullable String receipt) {
		this(id, topic, resume, rewind, receipt, null);
	}

}
