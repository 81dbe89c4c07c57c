package dev.realtime.spring.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

import dev.realtime.Sha256;
import dev.realtime.loop.Loop;
import dev.realtime.spring.Incident;
import dev.realtime.spring.asyncapi.AsyncApiDocument;
import dev.realtime.spring.asyncapi.ServerAddress;
import dev.realtime.spring.stream.StreamAnswer;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * The application's AsyncAPI document. Who may read it is decided by the application's
 * filters, as for its own pages.
 */
final class AsyncApiResource implements HttpResource.Provider {

	private static final Logger logger = LoggerFactory.getLogger(AsyncApiResource.class);

	private static final String PATH = "/asyncapi.json";

	/** How long a request waits for one that makes the document. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final AsyncApiDocument document;

	private final Loop timer;

	private final String path;

	/**
	 * Makes the resource.
	 * @param timer runs what happens later
	 * @param path what the path starts with
	 */
	AsyncApiResource(AsyncApiDocument document, Loop timer, String path) {
		this.document = document;
		this.timer = timer;
		this.path = path + PATH;
	}

	@Override
	public List<HttpResource> resources() {
		return List.of(HttpResource.get(List.of(PATH), this::answer));
	}

	private CompletionStage<StreamAnswer> answer(ResourceRequest request) {
		HttpServletRequest http = request.http();
		ServerAddress base = base(http);
		List<String> known = known(http.getHeaders(HttpHeaders.IF_NONE_MATCH));
		CompletableFuture<StreamAnswer> answer = this.document.page()
			.handle((page, failure) -> (page != null) ? document(page.json(base), known) : failed(failure))
			.exceptionally(AsyncApiResource::failed)
			.toCompletableFuture();
		if (!answer.isDone()) {
			Loop.Delayed limit = this.timer.after(PATIENCE, () -> answer.complete(busy()));
			CompletableFuture<Void> unused = answer.thenRun(limit::cancel);
		}
		return answer;
	}

	/** What comes before this path may be the context's and the servlet's. */
	private ServerAddress base(HttpServletRequest http) {
		String uri = http.getRequestURI();
		String base = uri.endsWith(this.path) ? uri.substring(0, uri.length() - this.path.length())
				: http.getContextPath();
		return ServerAddress.of(http.isSecure(), http.getServerName(), http.getServerPort(), base);
	}

	private static List<String> known(Enumeration<String> headers) {
		return (headers == null) ? List.of()
				: Collections.list(headers)
					.stream()
					.flatMap((each) -> Arrays.stream(each.split(",", -1)))
					.map((each) -> each.trim().replaceFirst("^W/", ""))
					.toList();
	}

	private static StreamAnswer document(String json, List<String> known) {
		String tag = '"' + Sha256.hex(json).substring(0, 32) + '"';
		boolean unchanged = known.contains(tag) || known.contains("*");
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
		headers.put(HttpHeaders.CACHE_CONTROL, "private, no-cache");
		headers.put(HttpHeaders.ETAG, tag);
		return unchanged ? new StreamAnswer(HttpStatus.NOT_MODIFIED.value(), headers, new byte[0])
				: new StreamAnswer(HttpStatus.OK.value(), headers, json.getBytes(StandardCharsets.UTF_8));
	}

	private static StreamAnswer busy() {
		return StreamAnswer.problem(HttpStatus.SERVICE_UNAVAILABLE.value(), "busy",
				"The document is being made; try again later");
	}

	private static StreamAnswer failed(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof RejectedExecutionException) {
			return busy();
		}
		return StreamAnswer.problem(HttpStatus.INTERNAL_SERVER_ERROR.value(), Incident.WORD,
				Incident.log(logger, "the AsyncAPI document could not be made", cause));
	}

}
