package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

/** Asks an {@link UnreadNode} over HTTP, as a user. */
final class UnreadHttp {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private UnreadHttp() {
	}

	static HttpResponse<String> get(ConfigurableApplicationContext node, @Nullable String user, String... topics) {
		String query = List.of(topics).stream().map((topic) -> "topic=" + topic).collect(Collectors.joining("&"));
		return send(node, user, HttpRequest.newBuilder(), "/realtime/unread?" + query);
	}

	static HttpResponse<String> read(ConfigurableApplicationContext node, @Nullable String user, String topic,
			String body) {
		return send(node, user,
				HttpRequest.newBuilder()
					.header("Content-Type", "application/json")
					.POST(HttpRequest.BodyPublishers.ofString(body)),
				"/realtime/topics/" + topic + "/read");
	}

	static HttpResponse<String> send(ConfigurableApplicationContext node, @Nullable String user,
			HttpRequest.Builder request, String path) {
		request.uri(URI.create("http://localhost:" + ChatNode.webPort(node) + path));
		if (user != null) {
			request.header(UnreadNode.USER, user);
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

}
