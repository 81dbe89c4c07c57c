package dev.realtime.sample.chat.push;

import java.util.OptionalLong;

import dev.realtime.sample.chat.Notice;
import org.jspecify.annotations.Nullable;

/**
 * What the page's service worker shows.
 *
 * @param title who it is from, and where
 * @param text how it begins
 * @param conversation where it was said: the part of the page's address after {@code #}
 * @param unread how much the inbox holds that was not read; null if that is not known
 */
record PushPayload(String title, String text, String conversation, @Nullable Long unread) {

	/**
	 * Most code points of the text. In JSON each has at most 12 bytes, so the whole has
	 * less than 3,000: push services must take 4,096 with the encryption.
	 */
	static final int MAX_TEXT = 200;

	static PushPayload of(Notice notice, OptionalLong unread) {
		String room = notice.room();
		String title = notice.from() + ((room != null) ? " mentioned you in #" + room : " wrote to you");
		return new PushPayload(title, cut(notice.text()), (room != null) ? room : '@' + notice.from(),
				unread.isPresent() ? unread.getAsLong() : null);
	}

	private static String cut(String text) {
		if (text.codePointCount(0, text.length()) <= MAX_TEXT) {
			return text;
		}
		return text.substring(0, text.offsetByCodePoints(0, MAX_TEXT - 1)) + "…";
	}

}
