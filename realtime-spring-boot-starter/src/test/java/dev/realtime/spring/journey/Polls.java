package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import org.springframework.boot.json.JsonParserFactory;

/** Asks a node for streams' other resources. */
final class Polls {

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private Polls() {
	}

	static HttpResponse<String> poll(int port, String query, String... headers) {
		return ask(port, "GET", "/realtime/poll?" + query, "", headers);
	}

	static HttpResponse<String> send(int port, String query, String body, String... headers) {
		return ask(port, "POST", "/realtime/send?" + query, body, headers);
	}

	static HttpResponse<String> ask(int port, String method, String path, String body, String... headers) {
		return ask(URI.create("http://localhost:" + port + path), method, body, headers);
	}

	static HttpResponse<String> ask(URI uri, String method, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri)
			.method(method,
					body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	static Map<String, Object> json(HttpResponse<String> answer) {
		return JsonParserFactory.getJsonParser().parseMap(answer.body());
	}

	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> events(HttpResponse<String> answer) {
		return (List<Map<String, Object>>) json(answer).getOrDefault("events", List.of());
	}

	/** The position to go on with, whatever the answer was. */
	static String position(HttpResponse<String> answer) {
		return (answer.statusCode() == 200) ? String.valueOf(json(answer).get("position"))
				: answer.headers().firstValue("Realtime-Position").orElseThrow();
	}

}
