package dev.realtime;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is published on a topic, once it has its number. Immutable, and safe to share
 * between threads.
 *
 * @param topic where it was published
 * @param position its number; unique in the topic
 * @param timestamp when it was numbered, by the clock that numbers (Redis's, or this
 * node's for the memory broker), in milliseconds since 1970
 * @param id the publisher's own id (the idempotency key), or null
 * @param content what it says
 * @param excludedSession the session that does not want it back, or null
 * @param expiresAt from when it is no longer replayed, in milliseconds since 1970, or 0
 * when it lives as long as the topic's history
 */
public record TopicMessage(Topic topic, Position position, long timestamp, @Nullable String id, Content content,
		@Nullable String excludedSession, long expiresAt) {

	/** Returns what a publication became when it was stored. */
	public static TopicMessage of(Publication publication, PublishReceipt stored) {
		Duration timeToLive = publication.timeToLive();
		return new TopicMessage(stored.topic(), stored.position(), stored.timestamp(), publication.id(),
				publication.content(), publication.excludedSession(),
				(timeToLive != null) ? stored.timestamp() + timeToLive.toMillis() : 0);
	}

	/** The number within the epoch. */
	public long seq() {
		return this.position.seq();
	}

	/** Whether a topic's rate never leaves it out. */
	public boolean isImportant() {
		return this.content.isImportant();
	}

	/** Whether its time to live was over at the given time. */
	public boolean isExpiredAt(Instant now) {
		return this.expiresAt != 0 && now.toEpochMilli() >= this.expiresAt;
	}

}
