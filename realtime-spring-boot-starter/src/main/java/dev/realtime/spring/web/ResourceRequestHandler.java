package dev.realtime.spring.web;

import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import dev.realtime.loop.Loop;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.sessions.Refusal;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.HttpRequestHandler;

/**
 * Answers the requests of a resource. The bytes go to the response as they are: no
 * message converter and no advice of the application sees them. An answer that takes its
 * time is written without blocking, and without a second dispatch, which filters of the
 * application would have to let pass.
 */
final class ResourceRequestHandler implements HttpRequestHandler {

	private final HttpResource resource;

	private final @Nullable SessionDoor door;

	private final @Nullable Rates rates;

	private final Loop timer;

	private final Duration patience;

	private final Duration writeTimeout;

	/**
	 * Makes the handler.
	 * @param door knows which users must be refused; null where there is no node
	 * @param rates knows which clients ask too often; null where there is no node
	 * @param timer runs what happens later
	 * @param patience how long the resource may take; then the answer is 503
	 * @param writeTimeout how long a client may take nothing of an answer
	 */
	ResourceRequestHandler(HttpResource resource, @Nullable SessionDoor door, @Nullable Rates rates, Loop timer,
			Duration patience, Duration writeTimeout) {
		this.resource = resource;
		this.door = door;
		this.rates = rates;
		this.timer = timer;
		this.patience = patience;
		this.writeTimeout = writeTimeout;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!this.resource.takes(request.getMethod())) {
			AnswerNow.write(request, response, otherMethod(request.getMethod()));
			return;
		}
		Refusal refusal = (this.door != null) ? this.door.refusal(request.getUserPrincipal()) : null;
		if (refusal != null) {
			AnswerNow.write(request, response,
					StreamAnswer.problem(refusal.status(), refusal.word(), refusal.sentence()));
			return;
		}
		StreamAnswer tooOften = tooOften(request);
		if (tooOften != null) {
			AnswerNow.write(request, response, tooOften);
			return;
		}
		CompletableFuture<StreamAnswer> answer = this.resource.answer().apply(request).toCompletableFuture();
		if (!answer.isDone()) {
			Loop.Delayed limit = this.timer.after(this.patience, () -> answer
				.complete(Answer.unavailable(new TimeoutException("No answer within " + this.patience))));
			CompletableFuture<Void> unused = answer.thenRun(limit::cancel);
		}
		// The container does not report that an answer without a body can be written.
		if (answer.isDone() || request.getMethod().equals(HttpMethod.HEAD.name()) || !request.isAsyncSupported()) {
			AnswerNow.write(request, response, answer.join());
			return;
		}
		ServletExchange exchange = ServletExchange.of(request, response, this.timer, this.writeTimeout);
		CompletableFuture<Void> unused = answer.thenAccept(exchange::answer);
		exchange.listen(null);
	}

	private @Nullable StreamAnswer tooOften(HttpServletRequest request) {
		if (this.rates == null) {
			return null;
		}
		Principal user = request.getUserPrincipal();
		try {
			this.rates.read((user != null) ? user.getName() : null,
					new ServletServerHttpRequest(request).getRemoteAddress(),
					this.resource.messages().applyAsLong(request));
			return null;
		}
		catch (RateLimitedException ex) {
			return StreamAnswer.tooOften(ex.sentence(), ex.retryAfterMillis());
		}
	}

	private StreamAnswer otherMethod(String method) {
		StreamAnswer answer = method.equals(HttpMethod.OPTIONS.name()) ? StreamAnswer.empty(HttpStatus.OK.value())
				: StreamAnswer.problem(HttpStatus.METHOD_NOT_ALLOWED.value(), null,
						"This resource takes " + this.resource.method() + " only");
		return answer.with("Allow", this.resource.allowed());
	}

}
