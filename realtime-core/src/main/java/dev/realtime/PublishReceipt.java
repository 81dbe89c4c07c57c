package dev.realtime;

/**
 * The proof that a message is numbered and stored.
 *
 * @param topic where it was published
 * @param position its number
 * @param timestamp when it was numbered, in milliseconds since 1970
 * @param duplicate whether this id had been published before: then position and timestamp
 * are those of the first time, and nothing was published now
 * @param replicated false when the fleet waits for replicas of Redis
 * ({@code realtime.redis.failover=continue}) and they have not confirmed the message in
 * time: it is stored and delivered all the same, but a failover may lose it. True where
 * there is nothing to wait for
 */
public record PublishReceipt(Topic topic, Position position, long timestamp, boolean duplicate, boolean replicated) {

	/** A receipt where there are no replicas to wait for. */
	public PublishReceipt(Topic topic, Position position, long timestamp, boolean duplicate) {
		this(topic, position, timestamp, duplicate, true);
	}

}
