package dev.realtime.sample.chat;

import org.jspecify.annotations.Nullable;

/**
 * What is in somebody's inbox.
 *
 * @param from who said it
 * @param room where they were mentioned; null for a direct message
 * @param text how it begins
 */
public record Notice(String from, @Nullable String room, String text) {

	/** The inbox, as a destination of its user. */
	public static final String DESTINATION = "/queue/notices";

	private static final int MAX_LENGTH = 140;

	static Notice of(@Nullable String room, ChatMessage message) {
		String text = message.text();
		// Not in the middle of an emoji, which is two characters.
		int end = text.offsetByCodePoints(0, Math.min(MAX_LENGTH, text.codePointCount(0, text.length())));
		return new Notice(message.author(), room, (end < text.length()) ? text.substring(0, end) + "…" : text);
	}

}
