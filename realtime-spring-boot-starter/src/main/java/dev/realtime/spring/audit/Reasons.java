package dev.realtime.spring.audit;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The words of refusals. Words that are not known here, such as those of exceptions of
 * the application, are counted as {@code other}: a tag has few values, and none that a
 * client wrote.
 */
final class Reasons {

	static final String OTHER = "other";

	/** A door was closed. */
	private static final Set<String> CLOSED = Set.of("no-access", "unknown-topic", "client-publish", "forbidden",
			"blocked", "revoked", "expired", "session-ended", "disconnected", "bad-credentials", "bad-token", "no-user",
			"bad-user", "bad-grants", "other-user", "used-ticket", "unknown-ticket", "origin", "handshake", "proxy",
			"temporarily-unavailable", "unknown-destination", "connect-timeout", OTHER);

	/** A limit was reached. */
	private static final Set<String> LIMITS = Set.of("full", "overloaded", "rate-limited", "too-many-connections",
			"too-many-subscriptions", "too-many-patterns", "too-many-transactions", "too-many-topics", "too-large",
			"too-slow", "too-many-headers", "header-too-large", "credentials-too-large", "transaction-too-large");

	/** The client has made a mistake: counted, and no event. */
	private static final Set<String> MISTAKES = Set.of("bad-content-type", "bad-frame", "bad-read", "bad-request",
			"bad-send", "bad-subscribe", "bad-topic", "bad-typing", "duplicate-id", "duplicate-transaction",
			"no-destination", "no-id", "no-presence", "no-read-positions", "no-transaction", "reserved-id",
			"no-credentials", "not-connected");

	/** No refusals: something has failed. */
	private static final Set<String> FAILURES = Set.of("internal-error", "publish-failed", "publish-unknown",
			"read-failed", "subscribe-failed", "application-unavailable", "application-unknown", "closed",
			"credentials-unchecked");

	private static final Map<String, String> OTHER_NAMES = Map.of("credentials-expired", "expired",
			"credentials-revoked", "revoked", "frame-too-large", "too-large");

	private Reasons() {
	}

	/** Returns the word as others are written. */
	static String word(String text) {
		String word = text.replace(' ', '-');
		return OTHER_NAMES.getOrDefault(word, word);
	}

	/** Returns what the word is counted as; null if it is no refusal. */
	static @Nullable String tag(String word) {
		if (FAILURES.contains(word)) {
			return null;
		}
		return (CLOSED.contains(word) || LIMITS.contains(word) || MISTAKES.contains(word)) ? word : OTHER;
	}

	/** Returns the word if it is known, else {@code other}. */
	static String known(String word) {
		String tag = tag(word);
		return (tag != null) ? tag : word;
	}

	/** Whether the word stands for a frame or request that was malformed. */
	static boolean isMistake(String word) {
		return MISTAKES.contains(word);
	}

}
