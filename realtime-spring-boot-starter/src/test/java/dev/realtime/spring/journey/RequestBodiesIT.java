package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of requests in the servlet container, where filters stand before them. */
class RequestBodiesIT extends RequestBodiesContract {

	private static final String QUERY = "/realtime/presence/query";

	RequestBodiesIT() {
		super(new SpringApplicationBuilder(Filtered.class)
			.properties(properties("server.port=0", "spring.main.banner-mode=off",
					"spring.main.register-shutdown-hook=false", "realtime.broker=memory",
					"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true",
					"realtime.topics.rooms.client-publish=true", "realtime.drain.spread=0s",
					"realtime.security.anonymous=true", "server.tomcat.threads.max=10"))
			.run());
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/json" })
	void aBodyThatAFilterHasReadIsNotTakenForAnEmptyOne(String type) {
		HttpResponse<String> answer = Polls.send(this.port, "destination=/topic/room.read&id=a1", "hi", "Content-Type",
				type, "X-Read", "yes");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("has already read the body").contains("filter");
		assertThat(Polls
			.send(this.port, "destination=/topic/room.read&id=" + type.replace("/", "-"), "hi", "Content-Type", type)
			.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { QUERY, "/realtime/topics/room.42/read" })
	void rule8_aDocumentThatIsTooLargeIsRefusedBeforeItIsSent(String path) throws IOException {
		String answer = answer(post(path, "Content-Type: application/json", "Content-Length: 36000000"));
		assertThat(answer).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
	}

	@Test
	void rule8_aDocumentOfUnknownLengthIsReadUpToItsBound() throws IOException {
		String request = post(QUERY, "Content-Type: application/json", "Transfer-Encoding: chunked") + "40001\r\n"
				+ "[".repeat(262_145) + "\r\n";
		assertThat(answer(request)).startsWith("HTTP/1.1 413 ").contains("A body has at most 262144 bytes");
	}

	@Test
	void rule8_nestedArraysAreRefused() {
		String deep = "{\"topic\":\"room.42\",\"users\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
		String wide = "{\"topic\":\"room.42\",\"users\":[" + "[],".repeat(80_000) + "[]]}";
		for (String body : new String[] { deep, wide }) {
			assertThat(Polls.ask(this.port, "POST", QUERY, body, "Content-Type", "application/json").statusCode())
				.isEqualTo(400);
		}
	}

	/** Tomcat has ten threads here. */
	@Test
	void rule8_twoHundredSlowBodiesHoldNoThreads() throws Exception {
		List<String> requests = List.of(post("/realtime/send?destination=/app/say", "Content-Length: 60000"),
				post("/realtime/send?destination=/app/say", "Transfer-Encoding: chunked") + "ea60\r\n",
				post(QUERY, "Content-Type: application/json", "Content-Length: 60000"),
				post(QUERY, "Content-Type: text/plain", "Content-Length: 60000"),
				post("/realtime/topics/room.42/read", "Content-Type: application/json", "Content-Length: 4000"),
				post("/realtime/topics/room.42/read", "Content-Type: application/json", "Content-Length: 60000"),
				post("/realtime/poll?topic=a", "Content-Length: 4000"),
				post("/realtime/topics/room.42/messages", "Content-Length: 60000"),
				"GET /realtime/topics/room.42/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
				"GET /realtime/sse?topic=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n");
		List<Socket> slow = new ArrayList<>();
		try {
			for (int i = 0; i < 200; i++) {
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port);
				slow.add(socket);
				socket.getOutputStream().write(requests.get(i % requests.size()).getBytes(StandardCharsets.US_ASCII));
			}
			HttpClient client = HttpClient.newHttpClient();
			for (int i = 0; i < 5; i++) {
				slow.forEach(RequestBodiesIT::oneByte);
				// Were the bodies read by threads, it would take 40 s.
				assertThat(client
					.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/hello"))
						.timeout(Duration.ofSeconds(10))
						.build(), HttpResponse.BodyHandlers.ofString())
					.body()).isEqualTo("hello");
			}
		}
		finally {
			for (Socket socket : slow) {
				socket.close();
			}
		}
		// Whatever came of them, the node takes bodies as before.
		assertThat(Polls.send(this.port, "destination=/app/say", "after").statusCode()).isEqualTo(204);
	}

	private static void oneByte(Socket socket) {
		try {
			socket.getOutputStream().write('x');
		}
		catch (IOException ex) {
			// Refused already.
		}
	}

	@Test
	void aQuestionThatComesInPiecesIsAnswered() throws IOException {
		String body = "{\"topic\":\"room.42\",\"users\":[\"ann\"]}";
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write((post(QUERY, "Content-Type: application/json", "Connection: close",
						"Content-Length: " + body.length()) + body.substring(0, 9))
					.getBytes(StandardCharsets.US_ASCII));
			Polls.poll(this.port, "topic=room.pieces&timeout=1");
			socket.getOutputStream().write(body.substring(9).getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 200 ")
				.contains("{\"topic\":\"room.42\",\"present\":[]}");
		}
	}

	/** A node with a filter that reads bodies, as one does that logs them. */
	@Configuration(proxyBeanMethods = false)
	@Import({ StreamNode.class, RequestBodiesIT.Filtered.Ordinary.class })
	static class Filtered {

		@RestController
		static class Ordinary {

			@GetMapping("/hello")
			String hello() {
				return "hello";
			}

		}

		@Bean
		Filter reader() {
			return (request, response, chain) -> {
				if (((jakarta.servlet.http.HttpServletRequest) request).getHeader("X-Read") != null) {
					request.getInputStream().readAllBytes();
				}
				chain.doFilter(request, response);
			};
		}

	}

}
