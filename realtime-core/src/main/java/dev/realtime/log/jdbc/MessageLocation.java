package dev.realtime.log.jdbc;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Where a message is kept.
 *
 * @param topic its topic
 * @param position its number
 */
public record MessageLocation(Topic topic, Position position) {

	/** The place of a message. */
	public static MessageLocation of(TopicMessage message) {
		return new MessageLocation(message.topic(), message.position());
	}

	/** Whether it is the number right after the other one. */
	public boolean follows(MessageLocation other) {
		return this.topic.equals(other.topic) && this.position.equals(other.position.withSeq(other.position.seq() + 1));
	}

	/** The condition that a row is at one of so many places. */
	static String among(int places) {
		return "(topic, epoch, seq) IN (" + String.join(", ", Collections.nCopies(places, "(?, ?, ?)")) + ")";
	}

	/** The parameters of {@link #among}. */
	static @Nullable Object[] parameters(Collection<MessageLocation> places) {
		return places.stream().flatMap((place) -> Arrays.stream(place.key())).toArray();
	}

	/** The values of the columns that are a message's key. */
	public @Nullable Object[] key() {
		return new @Nullable Object[] { this.topic.name(), this.position.epoch(), this.position.seq() };
	}

}
