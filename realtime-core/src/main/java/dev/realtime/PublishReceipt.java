package dev.realtime;

/**
 * The proof that a message is numbered and stored.
 *
 * @param topic where it was published
 * @param position its number
 * @param timestamp when it was numbered, in milliseconds since 1970
 * @param duplicate whether this id had been published before: then position and timestamp
 * are those of the first time, and nothing was published now
 */
public record PublishReceipt(Topic topic, Position position, long timestamp, boolean duplicate) {
}
