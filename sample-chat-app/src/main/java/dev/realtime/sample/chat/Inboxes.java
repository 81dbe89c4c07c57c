package dev.realtime.sample.chat;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.stereotype.Component;

/**
 * Everybody's inbox: mentions and direct messages. What is sent to a user's destination
 * is numbered and kept, and reaches all devices of that user on whichever node; nobody
 * else can subscribe to it.
 */
@Component
class Inboxes {

	private static final int MOST = 5;

	/** {@code @Ann}, or {@code @"Ann Lee"} for a name with blanks. */
	private static final Pattern MENTION = Pattern
		.compile("(?<![\\p{L}\\p{N}])@(?:\"([\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,23})\"|"
				+ "([\\p{L}\\p{N}](?:[\\p{L}\\p{N}._-]{0,22}[\\p{L}\\p{N}])?))");

	private final SimpMessagingTemplate template;

	Inboxes(SimpMessagingTemplate template) {
		this.template = template;
	}

	/** Tells those whom a message in a room mentions, at most five. */
	void mention(String room, String id, ChatMessage message) {
		MENTION.matcher(message.text())
			.results()
			.map(Inboxes::name)
			.filter((name) -> !name.equals(message.author()))
			.distinct()
			.limit(MOST)
			.forEach((name) -> put(name, room, id, message));
	}

	void direct(String to, String id, ChatMessage message) {
		put(to, null, id, message);
	}

	/** With the message's own id: sent again, it is no second notice either. */
	private void put(String user, @Nullable String room, String id, ChatMessage message) {
		this.template.convertAndSendToUser(user, Notice.DESTINATION, Notice.of(room, message),
				Map.<String, Object>of("id", id, "type", "chat.notice"));
	}

	private static String name(MatchResult found) {
		return (found.group(1) != null) ? found.group(1) : found.group(2);
	}

}
