package dev.realtime.spring.offline;

import java.util.OptionalLong;

import dev.realtime.TopicMessage;

/** A message whose user may be offline. Confined to the loop. */
final class Pending {

	final String user;

	private final String destination;

	final TopicMessage message;

	final long sinceNanos;

	/** Whether no node knew the user when they were first asked. */
	boolean missed;

	Pending(String user, String destination, TopicMessage message, long sinceNanos) {
		this.user = user;
		this.destination = destination;
		this.message = message;
		this.sinceNanos = sinceNanos;
	}

	/** The size of the payload. */
	int bytes() {
		return this.message.content().size();
	}

	OfflineMessage with(OptionalLong unread) {
		return new OfflineMessage(this.user, this.destination, this.message, unread);
	}

}
