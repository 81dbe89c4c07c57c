package dev.realtime.spring.audit;

import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A client was refused, or its connection was ended. Published as an event of the
 * application context, on a thread of its own: a listener may block. Events are dropped
 * and counted while {@code realtime.audit.queue} of them wait.
 * <p>
 * An event has no credentials and no payloads. What a client wrote is cut to 200
 * characters, and control characters in it are replaced by question marks.
 *
 * @param time when
 * @param node the id of the node
 * @param door where
 * @param reason a word, such as {@code no-access}; the client is told the same or a more
 * general one
 * @param user the user's name, or null if it is not known
 * @param session the id of the STOMP session, or null where there is none
 * @param address the client's address without the port, or null if it is not known
 * @param topic the topic or destination that was asked for, or null
 */
public record SecurityEvent(Instant time, String node, Door door, String reason, @Nullable String user,
		@Nullable String session, @Nullable String address, @Nullable String topic) {

	private static final int MAX_LENGTH = 200;

	private static final Pattern LINE_BREAKING = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

	public SecurityEvent {
		reason = clean(reason);
		user = (user != null) ? clean(user) : null;
		session = (session != null) ? clean(session) : null;
		address = (address != null) ? clean(address) : null;
		topic = (topic != null) ? clean(topic) : null;
	}

	private static String clean(String text) {
		if (isClean(text)) {
			return text;
		}
		return LINE_BREAKING.matcher((text.length() > MAX_LENGTH) ? cut(text) + '…' : text).replaceAll("?");
	}

	/** Never leaves half of a surrogate pair. */
	private static String cut(String text) {
		boolean withinPair = Character.isSurrogatePair(text.charAt(MAX_LENGTH - 1), text.charAt(MAX_LENGTH));
		return text.substring(0, withinPair ? MAX_LENGTH - 1 : MAX_LENGTH);
	}

	/** Whether it is short and printable ASCII, as nearly all are: a flood has many. */
	private static boolean isClean(String text) {
		if (text.length() > MAX_LENGTH) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			char each = text.charAt(i);
			if (each < ' ' || each > '~') {
				return false;
			}
		}
		return true;
	}

}
