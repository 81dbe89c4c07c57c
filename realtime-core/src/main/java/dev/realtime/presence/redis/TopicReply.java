package dev.realtime.presence.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What {@link TopicScript} answers.
 *
 * @param server the life of Redis that answered
 * @param dueBefore when something was due before the call, in Redis's ms; 0 = never
 * @param due when something is due after it
 * @param held how many users Redis has of this node on the topic
 * @param kept how long the topic is kept if no call touches it, in ms
 * @param failure why an event could not be stored or announced, or nothing
 */
record TopicReply(String server, long dueBefore, long due, long held, long kept, String failure) {

	static TopicReply of(List<?> parts) {
		return new TopicReply(text(parts.get(0)), (Long) parts.get(1), (Long) parts.get(2), (Long) parts.get(3),
				(Long) parts.get(4), text(parts.get(5)));
	}

	static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

}
