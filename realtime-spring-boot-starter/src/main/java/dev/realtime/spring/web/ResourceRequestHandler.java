package dev.realtime.spring.web;

import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.realtime.loop.Loop;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.Incident;
import dev.realtime.spring.audit.Client;
import dev.realtime.spring.rates.RateLimitedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.sessions.Refusal;
import dev.realtime.spring.sessions.SessionDoor;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.stream.StreamCall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Answers the requests of a resource. The bytes go to the response as they are: no
 * message converter and no advice of the application sees them. An answer that takes its
 * time is written without blocking, and without a second dispatch, which filters of the
 * application would have to let pass.
 */
final class ResourceRequestHandler implements HttpRequestHandler {

	private static final Logger logger = LoggerFactory.getLogger(ResourceRequestHandler.class);

	private final HttpResource resource;

	private final @Nullable SessionDoor door;

	private final @Nullable Rates rates;

	private final Loop timer;

	private final Duration patience;

	private final Duration readTimeout;

	private final Duration writeTimeout;

	private final @Nullable AddressConnections addresses;

	/**
	 * Makes the handler.
	 * @param door knows which users must be refused; null where there is no node
	 * @param rates knows which clients ask too often; null where there is no node
	 * @param timer runs what happens later
	 * @param patience how long the resource may take; then the answer is 503
	 * @param readTimeout how long a client may take to send a body
	 * @param writeTimeout how long a client may take nothing of an answer
	 * @param addresses counts requests whose body is late; null where there is no node
	 */
	ResourceRequestHandler(HttpResource resource, @Nullable SessionDoor door, @Nullable Rates rates, Loop timer,
			Duration patience, Duration readTimeout, Duration writeTimeout, @Nullable AddressConnections addresses) {
		this.resource = resource;
		this.door = door;
		this.rates = rates;
		this.timer = timer;
		this.patience = patience;
		this.readTimeout = readTimeout;
		this.writeTimeout = writeTimeout;
		this.addresses = addresses;
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
		if (this.resource.maxBody() == 0 && RequestBody.isAnnounced(request)) {
			AnswerNow.write(request, response, StreamAnswer.noBody(request.getMethod()));
			return;
		}
		byte[] body = RequestBody.NONE;
		try {
			if (this.resource.maxBody() > 0 && !StreamCall.isForm(request.getContentType())) {
				body = RequestBody.read(request, this.resource.maxBody(), this.readTimeout);
			}
		}
		catch (RequestRefusedException ex) {
			AnswerNow.write(request, response, Answer.refused(ex));
			return;
		}
		if (body == null) {
			answerLater(request, response);
			return;
		}
		CompletableFuture<StreamAnswer> answer = answer(ResourceRequest.of(request, body));
		// The container does not report that an answer without a body can be written.
		if (answer.isDone() || request.getMethod().equals(HttpMethod.HEAD.name()) || !request.isAsyncSupported()) {
			AnswerNow.write(request, response, answer.join());
			return;
		}
		ServletExchange exchange = ServletExchange.of(request, response, this.timer, this.writeTimeout);
		CompletableFuture<Void> unused = answer.thenAccept(answering(request, exchange));
		exchange.listen(null);
	}

	private CompletableFuture<StreamAnswer> answer(ResourceRequest request) {
		CompletableFuture<StreamAnswer> answer = this.resource.answer().apply(request).toCompletableFuture();
		if (!answer.isDone()) {
			Loop.Delayed limit = this.timer.after(this.patience, () -> answer
				.complete(Answer.unavailable(new TimeoutException("No answer within " + this.patience))));
			CompletableFuture<Void> unused = answer.thenRun(limit::cancel);
		}
		return answer;
	}

	/** The body is late: no thread waits for it. */
	private void answerLater(HttpServletRequest request, HttpServletResponse response) throws IOException {
		AddressConnections.Place place = (this.addresses != null)
				? this.addresses.enter(new ServletServerHttpRequest(request).getRemoteAddress()) : null;
		if (place == null && this.addresses != null) {
			AnswerNow.write(request, response, StreamAnswer.crowded());
			return;
		}
		ResourceRequest asked = ResourceRequest.of(request, RequestBody.NONE);
		ServletExchange exchange = ServletExchange.of(request, response, this.timer, this.writeTimeout);
		Consumer<StreamAnswer> answering = answering(request, exchange);
		CompletableFuture<byte[]> unused = SlowBody.read(request, this.resource.maxBody(), this.readTimeout, this.timer)
			.whenComplete((body, failure) -> {
				if (place != null) {
					place.leave();
				}
				if (failure != null) {
					exchange.refuse(late(failure));
				}
				else {
					answer(asked.with(body), answering);
				}
			});
		exchange.listen(null);
	}

	/** Reports what is refused, then answers. */
	private static Consumer<StreamAnswer> answering(HttpServletRequest request, ServletExchange exchange) {
		Client client = RequestRefusals.client(request);
		ApplicationContext context = RequestContextUtils.findWebApplicationContext(request);
		return (answer) -> {
			RequestRefusals.report(context, client, answer);
			exchange.answer(answer);
		};
	}

	private void answer(ResourceRequest request, Consumer<StreamAnswer> answering) {
		try {
			CompletableFuture<Void> unused = answer(request).thenAccept(answering);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			answering.accept(StreamAnswer.problem(HttpStatus.INTERNAL_SERVER_ERROR.value(), Incident.WORD,
					Incident.log(logger, "a request over HTTP could not be answered", ex)));
		}
	}

	/** Why the body did not come; a client that is gone does not read it. */
	private static StreamAnswer late(Throwable failure) {
		return (failure instanceof RequestRefusedException refused) ? Answer.refused(refused)
				: Answer.refused(RequestRefusedException.badRequest("the body did not arrive"));
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
