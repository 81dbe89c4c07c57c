package dev.realtime.spring.journey;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of requests that are too large, too slow, or forms. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RequestBodiesContract {

	private static final String FORM = "application/x-www-form-urlencoded";

	final ConfigurableApplicationContext node;

	final int port;

	RequestBodiesContract(ConfigurableApplicationContext node) {
		this.node = node;
		this.port = ChatNode.port(this.node);
	}

	/** What a node starts with: the filter reads the fields of forms. */
	static String[] properties(String... more) {
		List<String> all = new ArrayList<>(
				List.of("spring.mvc.hiddenmethod.filter.enabled=true", "realtime.http.read-timeout=2s"));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { FORM, "Application/X-WWW-form-urlencoded; charset=UTF-8", "multipart/form-data; boundary=x" })
	void aFormIsRefusedWithWhatToDoAndStoresNothing(String type) throws Exception {
		String query = "destination=/topic/room.form" + type.length() + "&id=a1";
		String body = "{\"text\":\"hi\"}";
		HttpResponse<String> known = Polls.send(this.port, query, body, "Content-Type", type);
		HttpResponse<String> chunked = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/realtime/send?" + query))
				.version(HttpClient.Version.HTTP_1_1)
				.header("Content-Type", type)
				.POST(HttpRequest.BodyPublishers
					.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
				.build(), HttpResponse.BodyHandlers.ofString());
		for (HttpResponse<String> answer : List.of(known, chunked)) {
			assertThat(answer.statusCode()).isEqualTo(400);
			assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(String.valueOf(Polls.json(answer).get("detail")))
				.contains("Send Content-Type: application/json");
		}
		HttpResponse<String> correct = Polls.send(this.port, query, body, "Content-Type", "application/json");
		assertThat(correct.statusCode()).isEqualTo(200);
		assertThat(Polls.json(correct)).containsEntry("seq", 1).doesNotContainKey("duplicate");
	}

	@Test
	void rule8_aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws IOException {
		assertThat(answer(post("/realtime/send?destination=/app/say", "Content-Length: 36000000")))
			.startsWith("HTTP/1.1 413 ")
			.contains("application/problem+json")
			.contains("A body has at most 65536 bytes");
	}

	@Test
	void rule8_aBodyOfUnknownLengthIsReadUpToItsBound() throws IOException {
		StringBuilder request = new StringBuilder(
				post("/realtime/send?destination=/app/say", "Transfer-Encoding: chunked"));
		request.append("10001\r\n").append("x".repeat(65_537)).append("\r\n");
		assertThat(answer(request.toString())).startsWith("HTTP/1.1 413 ").contains("A body has at most 65536 bytes");
	}

	@Test
	void rule8_aBodyThatTakesTooLongEndsItsConnection() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream()
				.write(post("/realtime/send?destination=/app/say", "Content-Length: 60000")
					.getBytes(StandardCharsets.US_ASCII));
			long begin = System.nanoTime();
			boolean closed = false;
			while (!closed && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10)) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
				closed = !takes(socket);
			}
			assertThat(closed).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /realtime/poll?topic=a", "GET /realtime/sse?topic=a" })
	void rule8_aRequestThatHasNoBodyMayNotBringOne(String line) throws IOException {
		for (String length : List.of("Content-Length: 200000", "Transfer-Encoding: chunked")) {
			assertThat(answer(line + " HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n\r\n"))
				.startsWith("HTTP/1.1 400 ")
				.contains("A GET of this resource has no body");
		}
		assertThat(answer(post("/realtime/poll?topic=a", "Content-Length: 200000"))).startsWith("HTTP/1.1 405 ");
	}

	/** It need not come together with the headers, nor at once. */
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5", "Transfer-Encoding: chunked" })
	void aBodyThatComesInPiecesIsTakenAsAWhole(String length) throws IOException {
		boolean chunked = length.startsWith("Transfer");
		String query = "/realtime/send?destination=/topic/room.pieces&id=" + length.substring(0, 3);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			socket.setTcpNoDelay(true);
			for (String piece : chunked ? List.of(post(query, length), "2\r\nhe", "\r\n3\r\nl", "lo\r\n0\r\n", "\r\n")
					: List.of(post(query, length), "h", "ell", "o")) {
				socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
				// Time for the server to see that there is no more yet.
				Polls.poll(this.port, "topic=room.pieces&timeout=1");
			}
			assertThat(read(socket)).startsWith("HTTP/1.1 200 ").contains("\"topic\":\"room.pieces\"");
		}
		assertThat(Polls.poll(this.port, "topic=room.pieces&rewind=1").body()).contains("\"aGVsbG8=\"");
	}

	static String post(String path, String... headers) {
		return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
	}

	/** Sends a request and reads the answer up to the end of its one line of JSON. */
	final String answer(String request) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			return read(socket);
		}
	}

	private static String read(Socket socket) throws IOException {
		StringBuilder answer = new StringBuilder();
		int c = 0;
		while (c >= 0 && c != '}') {
			c = socket.getInputStream().read();
			answer.append((c >= 0) ? Character.toString(c) : "");
		}
		return answer.toString();
	}

	private static boolean takes(Socket socket) {
		try {
			socket.getOutputStream().write('x');
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
