package dev.realtime.spring.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
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

	/** Whether the log has it that nothing can be served. */
	private final AtomicBoolean told = new AtomicBoolean();

	StreamRequestHandler(StreamKind kind, Streams streams, Loop timer) {
		this.kind = kind;
		this.streams = streams;
		this.timer = timer;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		StreamOptions options = this.streams.options();
		StreamAnswer refusal = unanswerable(request);
		Map<String, Object> attributes = new ConcurrentHashMap<>(4);
		ServletServerHttpRequest asked = new ServletServerHttpRequest(request);
		if (refusal == null) {
			refusal = intercepted(asked, response, attributes);
		}
		byte[] body = {};
		if (refusal == null && this.kind == StreamKind.SEND) {
			try {
				body = RequestBody.read(request, options.maxBody(), options.readTimeout());
			}
			catch (RequestRefusedException ex) {
				AnswerNow.write(request, response, refusal(ex));
				return;
			}
		}
		if (refusal != null) {
			AnswerNow.write(request, response, refusal);
			return;
		}
		StreamCall call = new StreamCall(asked.getURI(), request.getQueryString(), asked.getHeaders(), body,
				request.getUserPrincipal(), asked.getLocalAddress(), asked.getRemoteAddress(), attributes);
		ServletExchange exchange = ServletExchange.of(request, response, this.timer, options.writeTimeout());
		exchange.listen(this.streams.open(this.kind, call, exchange));
	}

	private @Nullable StreamAnswer unanswerable(HttpServletRequest request) {
		if (!request.getMethod().equals(this.kind.method())) {
			return StreamAnswer.wrongMethod(this.kind);
		}
		if (!request.isAsyncSupported()) {
			String sentence = "A servlet filter of the application does not support asynchronous requests: "
					+ "register it with asyncSupported = true, or for other paths";
			if (this.told.compareAndSet(false, true)) {
				logger.error("Requests of {} cannot be served. {}", this.kind.path(), sentence);
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
						: StreamAnswer.problem(status, "handshake", "An interceptor of handshakes refused the request");
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
