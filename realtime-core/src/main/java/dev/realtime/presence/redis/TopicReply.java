package dev.realtime.presence.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@link TopicScript} answers.
 *
 * @param server the life of Redis that answered
 * @param held how many users Redis has of this node on the topic
 * @param failure why an event could not be stored or announced, or nothing
 * @param silent nodes whose lease is over and that were not looked after
 * @param events announcements that are still to be made, in order
 */
record TopicReply(String server, long held, String failure, List<String> silent, List<byte[]> events) {

	static TopicReply of(List<?> parts) {
		return new TopicReply(text(parts.get(0)), (Long) parts.get(1), text(parts.get(2)),
				((List<?>) parts.get(3)).stream().map(TopicReply::text).toList(),
				((List<?>) parts.get(4)).stream().map((bytes) -> (byte[]) bytes).toList());
	}

	/** The same, with another reason why an event could not be stored or announced. */
	TopicReply failed(String why) {
		return new TopicReply(this.server, this.held, why, this.silent, this.events);
	}

	static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

}
