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
 */
record TopicReply(String server, long held, String failure, List<String> silent) {

	static TopicReply of(List<?> parts) {
		return new TopicReply(text(parts.get(0)), (Long) parts.get(1), text(parts.get(2)),
				((List<?>) parts.get(3)).stream().map(TopicReply::text).toList());
	}

	static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

}
