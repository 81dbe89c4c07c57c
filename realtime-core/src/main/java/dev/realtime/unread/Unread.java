package dev.realtime.unread;

import dev.realtime.Position;
import dev.realtime.Topic;

/**
 * What a user has not read of a topic.
 *
 * @param topic which
 * @param latest the topic's last number
 * @param read up to which number of the same epoch the user has read, 0 for not at all
 * @param unread how many messages there are after it that are not the user's own, those
 * included that are no longer kept
 */
public record Unread(Topic topic, Position latest, long read, long unread) {

	/** Whether a user who knows the other one would want to be told of this one. */
	boolean differs(Unread other) {
		return this.unread != other.unread || this.read != other.read || !this.latest.sameEpoch(other.latest);
	}

}
