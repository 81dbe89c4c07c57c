package dev.realtime.unread;

import dev.realtime.Topic;

/** A user and a topic: what one answer of {@link ReadPositions#unread} is about. */
public record UserTopic(String user, Topic topic) {

	@Override
	public String toString() {
		return this.user + " on " + this.topic;
	}

}
