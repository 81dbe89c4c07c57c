package dev.realtime.deadletter.jdbc;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Something that was given up.
 *
 * @param id names it
 * @param topic where it was, or was to be, published
 * @param position where the log keeps it, when it was stored and only not announced; null
 * for a publication that could not be stored
 * @param messageId the publisher's own id, if it gave one and the message was not stored
 * @param payloadSize bytes of payload, 0 when it lies in the log
 * @param diedAt when it was given up, in milliseconds since 1970
 * @param attempts how often it had been tried
 * @param error why it failed the last time
 */
public record DeadLetter(String id, Topic topic, @Nullable Position position, @Nullable String messageId,
		int payloadSize, long diedAt, int attempts, String error) {
}
