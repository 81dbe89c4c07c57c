package dev.realtime.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Answers on the request's own thread, through the application's filters. A container
 * reads what is left of a body before it writes the answer, on a thread that waits for
 * the client. So a refusal is written at once. Where something of the body has not come
 * yet, the thread returns too, and the container closes the socket when the time limit is
 * over.
 */
final class AnswerNow {

	/** How long a client that sends too much or too slowly may read why. */
	private static final long LAST_WORDS_MILLIS = 2_000;

	private AnswerNow() {
	}

	/** Writes the answer, unless one has begun. */
	static void write(HttpServletRequest request, HttpServletResponse response, StreamAnswer answer)
			throws IOException {
		boolean bodyIsLeft = RequestBody.isLeft(request);
		StreamAnswer last = bodyIsLeft ? answer.with(HttpHeaders.CONNECTION, "close") : answer;
		RequestRefusals.report(request, answer);
		if (!response.isCommitted()) {
			whole(response, last);
		}
		if (bodyIsLeft && request.isAsyncSupported()) {
			response.flushBuffer();
			request.startAsync().setTimeout(LAST_WORDS_MILLIS);
			HttpServletResponse container = ContainerResponse.takeOver(request, response);
			if (container != response) {
				// A filter has kept it, and may leave the body of such a request alone.
				whole(container, last);
				container.flushBuffer();
			}
		}
	}

	private static void whole(HttpServletResponse response, StreamAnswer answer) throws IOException {
		head(response, answer);
		response.setContentLength(answer.body().length);
		response.getOutputStream().write(answer.body());
		if (answer.status() >= HttpStatus.BAD_REQUEST.value()) {
			response.flushBuffer();
		}
	}

	/**
	 * Sets the status and the headers. All bodies are UTF-8, whatever a filter has set.
	 */
	static void head(HttpServletResponse response, StreamAnswer answer) {
		response.setStatus(answer.status());
		answer.headers().forEach(response::setHeader);
		String type = response.getContentType();
		if (type != null && type.toLowerCase(Locale.ROOT).contains("charset=")) {
			response.setCharacterEncoding(StandardCharsets.UTF_8.name());
		}
	}

}
