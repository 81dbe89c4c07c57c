package dev.realtime.log.jdbc;

import dev.realtime.PublishReceipt;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A publication that has its number, in a transaction that may not be committed yet.
 *
 * @param receipt what the publisher gets once it is committed
 * @param message what is to be announced then, or null when the id had been published
 * before
 * @param policy how the topic is kept
 * @param trimDue whether so many messages, or so old ones, are kept that it is time to
 * trim the topic
 */
public record StoredPublication(PublishReceipt receipt, @Nullable TopicMessage message, TopicPolicy policy,
		boolean trimDue) {
}
