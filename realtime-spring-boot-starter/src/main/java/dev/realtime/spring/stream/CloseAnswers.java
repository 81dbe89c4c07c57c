package dev.realtime.spring.stream;

import java.util.Set;

import dev.realtime.hub.CloseReason;
import org.jspecify.annotations.Nullable;

/** What the codes and words of a STOMP session are in HTTP. */
final class CloseAnswers {

	private static final int POLICY = 1008;

	private static final int PROTOCOL_ERROR = 1002;

	private static final int FIRST_RETRY = 4000;

	private static final int EXPIRED = CloseReason.EXPIRED.code();

	private static final int FIRST_NO_RETRY = 4500;

	private static final Set<String> UNAUTHORIZED = Set.of("bad-credentials", "no-user");

	private static final Set<String> MALFORMED = Set.of("bad-send", "bad-read", "no-destination", "bad-subscribe",
			"bad-typing");

	private static final Set<String> AWAY = Set.of("publish-failed", "publish-unknown", "read-failed");

	private CloseAnswers() {
	}

	/**
	 * The session was closed before anything was written.
	 * @param error a sentence for people, if there is one
	 */
	static StreamAnswer closed(CloseReason reason, @Nullable String error) {
		String word = reason.text().isEmpty() ? "closed" : reason.text();
		String sentence = (error != null) ? error : "The connection was closed: " + word;
		int code = reason.code();
		if (code == PROTOCOL_ERROR) {
			return StreamAnswer.problem(403, "refused", sentence);
		}
		if (code == EXPIRED || (code == POLICY && UNAUTHORIZED.contains(word))) {
			return StreamAnswer.problem(401, word, sentence);
		}
		if (code == POLICY) {
			return StreamAnswer.problem(word.equals("too-many-connections") ? 429 : 403, word, sentence);
		}
		if (code == 1012 || code == 1013 || (code >= FIRST_RETRY && code < FIRST_NO_RETRY)) {
			return StreamAnswer.problem(503, word, sentence);
		}
		return StreamAnswer.problem(500, word, sentence);
	}

	/** One frame was refused. */
	static StreamAnswer denied(@Nullable String reason, @Nullable String message) {
		String word = (reason != null) ? reason : "refused";
		int status = MALFORMED.contains(word) ? 400 : AWAY.contains(word) ? 503
				: word.equals("no-user") ? 401 : word.equals("no-read-positions") ? 404 : 403;
		return StreamAnswer.problem(status, word, (message != null) ? message : "The frame was refused");
	}

}
