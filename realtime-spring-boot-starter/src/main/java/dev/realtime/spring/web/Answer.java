package dev.realtime.spring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.log.LogPage;
import dev.realtime.spring.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Makes the HTTP answers: documents, and problem documents (RFC 9457). */
final class Answer {

	private static final Logger logger = LoggerFactory.getLogger(Answer.class);

	/** After how many seconds to try again when the store is away. */
	private static final String RETRY_AFTER = "2";

	private Answer() {
	}

	/**
	 * Carries out a request. What the work throws is the client's fault, what its stage
	 * fails with is the store's.
	 * @param writers on which the document is written: the stage may complete on a thread
	 * that reads from the store
	 */
	static <T> CompletionStage<ResponseEntity<byte[]>> to(Supplier<CompletionStage<T>> work,
			Function<T, ResponseEntity<byte[]>> document, Executor writers) {
		CompletionStage<T> stage;
		try {
			stage = work.get();
		}
		catch (RequestRefusedException ex) {
			return CompletableFuture.completedFuture(refused(ex));
		}
		return stage.thenApplyAsync(document, writers).exceptionally(Answer::failed);
	}

	static ResponseEntity<byte[]> document(Json json) {
		return answer(HttpStatus.OK, MediaType.APPLICATION_JSON).body(json.bytes());
	}

	static ResponseEntity<byte[]> refused(RequestRefusedException ex) {
		return problem(ex.status(), problem(ex.status(), ex.sentence()));
	}

	/** The range is gone, or belongs to another epoch. */
	static ResponseEntity<byte[]> gone(LogPage.Lost lost) {
		String detail = switch (lost.reason()) {
			case EPOCH_CHANGED -> "The topic's numbering has begun anew; positions of the epoch asked for mean nothing";
			case EXPIRED -> "The messages asked for are no longer kept";
		};
		return problem(HttpStatus.GONE,
				problem(HttpStatus.GONE, detail).optional("reason", lost.reason().code())
					.optional("epoch", lost.head().epoch())
					.name("first")
					.value(lost.first())
					.name("latest")
					.value(lost.head().seq()));
	}

	private static ResponseEntity<byte[]> failed(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof RequestRefusedException refused) {
			return refused(refused);
		}
		return unavailable(cause);
	}

	/** The store is away. */
	static ResponseEntity<byte[]> unavailable(Throwable cause) {
		logger.warn("A request over HTTP could not be answered: {}", cause.toString());
		logger.debug("The whole failure", cause);
		Json json = problem(HttpStatus.SERVICE_UNAVAILABLE, "The store of messages cannot be reached now");
		return answer(HttpStatus.SERVICE_UNAVAILABLE, MediaType.APPLICATION_PROBLEM_JSON)
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
			.body(json.close('}').bytes());
	}

	private static ResponseEntity<byte[]> problem(HttpStatus status, Json json) {
		return answer(status, MediaType.APPLICATION_PROBLEM_JSON).body(json.close('}').bytes());
	}

	private static Json problem(HttpStatus status, String detail) {
		return new Json(256).open('{')
			.optional("type", "about:blank")
			.optional("title", status.getReasonPhrase())
			.name("status")
			.value(status.value())
			.optional("detail", detail);
	}

	private static ResponseEntity.BodyBuilder answer(HttpStatus status, MediaType type) {
		return ResponseEntity.status(status).contentType(type).cacheControl(CacheControl.noStore());
	}

}
