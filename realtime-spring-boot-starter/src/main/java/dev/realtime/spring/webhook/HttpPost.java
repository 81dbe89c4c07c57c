package dev.realtime.spring.webhook;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Posts with the JDK's client, which follows no redirect. It has one thread of its own
 * and runs everything else, such as looking up the name of the host, on the executor that
 * it was made with.
 */
final class HttpPost implements Post {

	private final HttpClient client;

	private final URI uri;

	private final Duration timeout;

	private final Clock clock;

	/**
	 * Makes it.
	 * @param timeout for the connection and the head of the answer
	 */
	HttpPost(HttpClient client, URI uri, Duration timeout, Clock clock) {
		this.client = client;
		this.uri = uri;
		this.timeout = timeout;
		this.clock = clock;
	}

	@Override
	public CompletableFuture<Answer> post(Map<String, String> headers, byte[] body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.uri)
			.timeout(this.timeout)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body));
		headers.forEach(request::header);
		CompletableFuture<HttpResponse<Boolean>> call = this.client.sendAsync(request.build(),
				(response) -> new ShortBody());
		CompletableFuture<Answer> answer = new CompletableFuture<>();
		CompletionStage<?> unused = call.whenComplete((response, failure) -> {
			if (failure != null) {
				answer.completeExceptionally(failure);
			}
			else {
				answer.complete(Answer.of(response.statusCode(),
						response.headers().firstValue("retry-after").orElse(null), this.clock));
			}
		});
		CompletionStage<?> unusedEnd = answer.whenComplete((known, failure) -> {
			if (answer.isCancelled()) {
				call.cancel(true);
			}
		});
		return answer;
	}

}
