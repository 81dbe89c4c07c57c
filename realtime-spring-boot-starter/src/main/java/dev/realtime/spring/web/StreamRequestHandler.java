package dev.realtime.spring.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.Incident;
import dev.realtime.spring.stream.StompEndpoint;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.stream.StreamCall;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.stream.StreamOptions;
import dev.realtime.spring.stream.Streams;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * One of the streams' resources in a servlet container. A request passes what a handshake
 * of the STOMP endpoint passes: its interceptors, the check of the page's origin among
 * them.
 */
final class StreamRequestHandler implements HttpRequestHandler {

	private static final Logger logger = LoggerFactory.getLogger(StreamRequestHandler.class);

	private final StreamKind kind;

	private final Streams streams;

	private final Loop timer;

	private final AddressConnections addresses;

	/** Whether the log has it that nothing can be served. */
	private final AtomicBoolean told = new AtomicBoolean();

	StreamRequestHandler(StreamKind kind, Streams streams, Loop timer, AddressConnections addresses) {
		this.addresses = addresses;
		this.kind = kind;
		this.streams = streams;
		this.timer = timer;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		StreamAnswer refusal = unanswerable(request);
		ServletServerHttpRequest asked = new ServletServerHttpRequest(request);
		AddressConnections.Place place = (refusal == null) ? this.addresses.enter(asked.getRemoteAddress()) : null;
		if (place == null) {
			AnswerNow.write(request, response, (refusal != null) ? refusal : StreamAnswer.crowded());
			return;
		}
		boolean goesOn = false;
		try {
			goesOn = take(asked, response, place);
		}
		finally {
			if (!goesOn) {
				place.leave();
			}
		}
	}

	/** Takes the request over from its thread; false if it has been answered instead. */
	private boolean take(ServletServerHttpRequest asked, HttpServletResponse response, AddressConnections.Place place)
			throws IOException {
		HttpServletRequest request = asked.getServletRequest();
		Map<String, Object> attributes = new ConcurrentHashMap<>(4);
		attributes.put(AddressConnections.PLACE, place);
		StreamAnswer refusal = intercepted(asked, response, attributes);
		attributes.remove(AddressConnections.PLACE);
		byte[] body = RequestBody.NONE;
		if (refusal == null && this.kind == StreamKind.SEND) {
			try {
				body = body(request);
			}
			catch (RequestRefusedException ex) {
				refusal = refusal(ex);
			}
		}
		if (refusal != null) {
			AnswerNow.write(request, response, refusal);
			return false;
		}
		StreamCall call = new StreamCall(asked.getURI(), request.getQueryString(), asked.getHeaders(),
				(body != null) ? body : RequestBody.NONE, request.getUserPrincipal(), asked.getLocalAddress(),
				asked.getRemoteAddress(), attributes);
		StreamOptions options = this.streams.options();
		ServletExchange exchange = ServletExchange.of(request, response, this.timer, options.writeTimeout());
		exchange.whenOver(place::leave);
		if (body != null) {
			exchange.listen(this.streams.open(this.kind, call, exchange));
			return true;
		}
		CompletableFuture<byte[]> unused = SlowBody.read(request, options.maxBody(), options.readTimeout(), this.timer)
			.whenComplete((late, failure) -> bodyCame(call, late, failure, exchange));
		exchange.listen(null);
		return true;
	}

	private byte @Nullable [] body(HttpServletRequest request) throws IOException {
		StreamOptions options = this.streams.options();
		if (RequestBody.isAnnounced(request) && StreamCall.isForm(request.getContentType())) {
			throw new RequestRefusedException(HttpStatus.BAD_REQUEST, StreamCall.NO_FORMS);
		}
		return RequestBody.read(request, options.maxBody(), options.readTimeout());
	}

	private void bodyCame(StreamCall call, byte @Nullable [] body, @Nullable Throwable failure,
			ServletExchange exchange) {
		if (body == null) {
			exchange.refuse((failure instanceof RequestRefusedException refused) ? refusal(refused)
					: StreamAnswer.problem(HttpStatus.BAD_REQUEST.value(), "bad-request", "The body did not arrive"));
			return;
		}
		try {
			exchange.serve(this.streams.open(this.kind, call.with(body), exchange));
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			exchange.answer(StreamAnswer.problem(HttpStatus.INTERNAL_SERVER_ERROR.value(), Incident.WORD,
					Incident.log(logger, "a SEND over HTTP could not be handled", ex)));
		}
	}

	private @Nullable StreamAnswer unanswerable(HttpServletRequest request) {
		if (!request.getMethod().equals(this.kind.method())) {
			return StreamAnswer.wrongMethod(this.kind);
		}
		if (this.kind != StreamKind.SEND && RequestBody.isAnnounced(request)) {
			return StreamAnswer.noBody(request.getMethod());
		}
		if (!request.isAsyncSupported()) {
			String sentence = "A servlet filter of the application does not support asynchronous requests: "
					+ "register it with asyncSupported = true, or for other paths";
			if (this.told.compareAndSet(false, true)) {
				logger.error("Requests to {} cannot be served. {}", this.kind.path(), sentence);
			}
			return StreamAnswer.problem(HttpStatus.INTERNAL_SERVER_ERROR.value(), "filter", sentence);
		}
		return null;
	}

	private @Nullable StreamAnswer intercepted(ServletServerHttpRequest request, HttpServletResponse response,
			Map<String, Object> attributes) throws IOException {
		StompEndpoint endpoint = this.streams.endpoint();
		ServletServerHttpResponse answer = new ServletServerHttpResponse(response);
		List<HandshakeInterceptor> interceptors = endpoint.interceptors();
		for (int i = 0; i < interceptors.size(); i++) {
			boolean passed;
			try {
				passed = interceptors.get(i).beforeHandshake(request, answer, endpoint.handler(), attributes);
			}
			catch (IOException | RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException("A handshake interceptor failed", ex);
			}
			if (!passed) {
				boolean says = response.getStatus() >= HttpStatus.BAD_REQUEST.value();
				int status = says ? response.getStatus() : HttpStatus.FORBIDDEN.value();
				return (status == HttpStatus.FORBIDDEN.value() && request.getHeaders().getOrigin() != null)
						? StreamAnswer.foreignOrigin()
						: StreamAnswer.problem(status, "handshake", "A handshake interceptor refused the request");
			}
		}
		for (int i = interceptors.size() - 1; i >= 0; i--) {
			interceptors.get(i).afterHandshake(request, answer, endpoint.handler(), null);
		}
		return null;
	}

	private static StreamAnswer refusal(RequestRefusedException ex) {
		String reason = switch (ex.status()) {
			case PAYLOAD_TOO_LARGE -> "too-large";
			case REQUEST_TIMEOUT -> "too-slow";
			default -> "bad-request";
		};
		return StreamAnswer.problem(ex.status().value(), reason, ex.sentence());
	}

}
