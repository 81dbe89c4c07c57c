package dev.realtime.spring.stream;

import java.util.Map;
import java.util.Set;

import dev.realtime.connection.CloseReason;
import dev.realtime.spring.Incident;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/** What the codes and words of a STOMP session are in HTTP. */
final class CloseAnswers {

	private static final int POLICY = 1008;

	private static final int PROTOCOL_ERROR = 1002;

	private static final int TOO_LARGE = 1009;

	private static final int FIRST_RETRY = 4000;

	private static final int EXPIRED = CloseReason.EXPIRED.code();

	private static final int FIRST_NO_RETRY = 4500;

	private static final int LAST_NO_RETRY = 4999;

	private static final Set<String> UNAUTHORIZED = Set.of("bad-credentials", "no-user", "revoked", "session ended");

	/** The status of a refusal, by its word; 403 of all others. */
	private static final Map<String, Integer> REFUSED = Map.ofEntries(Map.entry("bad-send", 400),
			Map.entry("bad-topic", 400), Map.entry("bad-read", 400), Map.entry("no-destination", 400),
			Map.entry("bad-subscribe", 400), Map.entry("bad-content-type", 400), Map.entry("no-transaction", 400),
			Map.entry("bad-typing", 400), Map.entry("no-credentials", 400), Map.entry("no-user", 401),
			Map.entry("no-read-positions", 404), Map.entry("unknown-destination", 404), Map.entry("too-large", 413),
			Map.entry("too-many-connections", 429), Map.entry("header-too-large", 431),
			Map.entry("credentials-too-large", 431), Map.entry("too-many-headers", 431), Map.entry(Incident.WORD, 500),
			Map.entry("publish-failed", 503), Map.entry("publish-unknown", 503), Map.entry("read-failed", 503),
			Map.entry("overloaded", 503));

	private CloseAnswers() {
	}

	/**
	 * The session was closed before anything was written.
	 * @param error a sentence for people, if there is one
	 * @param retryAfterMs after how many milliseconds to come back, if that was said
	 */
	static StreamAnswer closed(CloseReason reason, @Nullable String error, @Nullable String retryAfterMs) {
		String word = reason.text().isEmpty() ? "closed" : reason.text();
		String sentence = (error != null) ? error : "The connection was closed: " + word;
		if (word.equals(RateLimitedException.WORD)) {
			return tooOften(sentence, retryAfterMs);
		}
		int code = reason.code();
		if (code == PROTOCOL_ERROR) {
			return problem(403, "refused", sentence);
		}
		if (code == TOO_LARGE) {
			return problem(413, "too-large", sentence);
		}
		if (code == EXPIRED || (code == POLICY && UNAUTHORIZED.contains(word))) {
			return problem(401, word, sentence);
		}
		if (code == POLICY) {
			return problem(REFUSED.getOrDefault(word, 403), word, sentence);
		}
		if (code == 1012 || code == 1013 || (code >= FIRST_RETRY && code < FIRST_NO_RETRY)) {
			return problem(503, word, sentence);
		}
		return problem((code >= FIRST_NO_RETRY && code <= LAST_NO_RETRY) ? 403 : 500, word, sentence);
	}

	/** One frame was refused. */
	static StreamAnswer denied(@Nullable String reason, @Nullable String message, @Nullable String retryAfterMs) {
		String word = (reason != null) ? reason : "refused";
		String sentence = (message != null) ? message : "The frame was refused";
		return word.equals(RateLimitedException.WORD) ? tooOften(sentence, retryAfterMs)
				: problem(REFUSED.getOrDefault(word, 403), word, sentence);
	}

	/** The session was told why before, and that was reported. */
	private static StreamAnswer problem(int status, String word, String sentence) {
		return StreamAnswer.problem(status, word, sentence).reported();
	}

	private static StreamAnswer tooOften(String sentence, @Nullable String retryAfterMs) {
		return StreamAnswer
			.tooOften(sentence, (retryAfterMs != null) ? Query.number(StompFrames.RETRY_AFTER, retryAfterMs) : 1_000)
			.reported();
	}

}
