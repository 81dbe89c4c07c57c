package dev.realtime.spring.web;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.json.Json;
import dev.realtime.log.BoundedReads;
import dev.realtime.log.LogPage;
import dev.realtime.spring.Incident;
import dev.realtime.spring.stream.StreamAnswer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

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
	 * @param writers on which the document is made, unless the store has answered at
	 * once: the stage may complete on a thread that reads from the store
	 */
	static <T> CompletionStage<StreamAnswer> to(Supplier<CompletionStage<T>> work, Function<T, StreamAnswer> document,
			Executor writers) {
		CompletionStage<T> stage;
		try {
			stage = work.get();
		}
		catch (RequestRefusedException ex) {
			return CompletableFuture.completedFuture(refused(ex));
		}
		boolean done = stage.toCompletableFuture().isDone();
		return (done ? stage.thenApply(document) : stage.thenApplyAsync(document, writers))
			.exceptionally(Answer::failed);
	}

	static StreamAnswer document(Json json) {
		return answer(HttpStatus.OK, MediaType.APPLICATION_JSON, json);
	}

	static StreamAnswer refused(RequestRefusedException ex) {
		StreamAnswer answer = problem(ex.status(), problem(ex.status(), ex.sentence()).optional("reason", ex.reason()));
		return new StreamAnswer(answer.status(), answer.headers(), answer.body(),
				StreamAnswer.refusal(answer.status(), ex.reason()));
	}

	/** The range is gone, or belongs to another epoch. */
	static StreamAnswer gone(LogPage.Lost lost) {
		String detail = switch (lost.reason()) {
			case EPOCH_CHANGED ->
				"The topic's numbering has begun again; positions of the requested epoch are no longer valid";
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

	/** Clients make the node read as much as it may. */
	static StreamAnswer overloaded() {
		return StreamAnswer.problem(HttpStatus.SERVICE_UNAVAILABLE.value(), "overloaded",
				"The node has reached its limit of concurrent reads; try again later");
	}

	private static StreamAnswer failed(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof RequestRefusedException refused) {
			return refused(refused);
		}
		if (cause instanceof BoundedReads.RefusedException) {
			return overloaded();
		}
		return unavailable(cause);
	}

	/** The store is away. */
	static StreamAnswer unavailable(Throwable cause) {
		Incident.warn(logger,
				"A request over HTTP could not be answered, because the store of messages cannot be reached", cause);
		Json json = problem(HttpStatus.SERVICE_UNAVAILABLE, "The store of messages cannot be reached now");
		return answer(HttpStatus.SERVICE_UNAVAILABLE, MediaType.APPLICATION_PROBLEM_JSON, json.close('}'))
			.with(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
	}

	private static StreamAnswer problem(HttpStatus status, Json json) {
		return answer(status, MediaType.APPLICATION_PROBLEM_JSON, json.close('}'));
	}

	private static Json problem(HttpStatus status, String detail) {
		return new Json(256).open('{')
			.optional("type", "about:blank")
			.optional("title", status.getReasonPhrase())
			.name("status")
			.value(status.value())
			.optional("detail", detail);
	}

	private static StreamAnswer answer(HttpStatus status, MediaType type, Json json) {
		return new StreamAnswer(status.value(),
				Map.of(HttpHeaders.CONTENT_TYPE, type.toString(), HttpHeaders.CACHE_CONTROL, "no-store"), json.bytes());
	}

}
