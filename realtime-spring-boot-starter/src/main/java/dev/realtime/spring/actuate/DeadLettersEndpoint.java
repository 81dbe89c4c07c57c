package dev.realtime.spring.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.jdbc.DeadLetters;
import dev.realtime.broker.jdbc.DeadLetters.Outcome;
import dev.realtime.deadletter.jdbc.DeadLetter;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * What the durable log gave up: to list (GET), replay (POST with an id), and discard
 * (DELETE with an id). Payloads are not shown.
 */
@Endpoint(id = "realtimedeadletters")
public final class DeadLettersEndpoint {

	private static final int LISTED = 100;

	private static final long WAIT_SECONDS = 10;

	private final DeadLetters letters;

	private final TopicPolicies policies;

	DeadLettersEndpoint(DeadLetters letters, TopicPolicies policies) {
		this.letters = letters;
		this.policies = policies;
	}

	/** The 100 newest; to see more, replay or discard some of them. */
	@ReadOperation
	public Map<String, Object> list() {
		List<DeadLetter> found = await(this.letters.list(LISTED));
		return Map.of("deadLetters", found.stream().map(DeadLettersEndpoint::shown).toList());
	}

	/** Tries once more; says what became of it, {@code unknown} where there is none. */
	@WriteOperation
	public Map<String, Object> replay(@Selector String id) {
		Outcome outcome = await(this.letters.replay(id, this.policies));
		return Map.of("outcome", outcome.name().toLowerCase(Locale.ROOT));
	}

	/** Forgets it; says whether it was there. */
	@DeleteOperation
	public Map<String, Object> discard(@Selector String id) {
		return Map.of("outcome", await(this.letters.discard(id)) ? "discarded" : "unknown");
	}

	private static Map<String, Object> shown(DeadLetter letter) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("id", letter.id());
		shown.put("reason", (letter.position() != null) ? "not-announced" : "not-stored");
		shown.put("topic", letter.topic().name());
		if (letter.position() != null) {
			shown.put("epoch", letter.position().epoch());
			shown.put("seq", letter.position().seq());
		}
		if (letter.messageId() != null) {
			shown.put("messageId", letter.messageId());
		}
		shown.put("payloadSize", letter.payloadSize());
		shown.put("diedAt", Instant.ofEpochMilli(letter.diedAt()).toString());
		shown.put("attempts", letter.attempts());
		shown.put("error", letter.error());
		return shown;
	}

	private static <T> T await(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the database", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The operation failed in the database: " + ex.getCause(), ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The database did not answer within " + WAIT_SECONDS + " s", ex);
		}
	}

}
