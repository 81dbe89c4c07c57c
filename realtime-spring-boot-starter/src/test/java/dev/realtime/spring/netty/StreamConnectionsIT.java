package dev.realtime.spring.netty;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The listener's connections when they carry streams. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamConnectionsIT {

	private final EdgeNode node = new EdgeNode("realtime.netty.max-connections=2",
			"realtime.netty.handshake-timeout=2s");

	@AfterEach
	void awaitTheirEnd() {
		await().until(() -> this.node.bean(ListenerStats.class).connections() == 0);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void pollsAndSendsShareAConnection() throws IOException {
		try (Client client = new Client(this.node.port())) {
			String position = client.ask("GET /realtime/poll?topic=a&timeout=100 HTTP/1.1").position();
			for (int i = 0; i < 3; i++) {
				Answer quiet = client.ask("GET /realtime/poll?topic=a&timeout=100&position=" + position + " HTTP/1.1");
				assertThat(quiet.status()).isEqualTo(204);
				assertThat(quiet.head()).contains("Realtime-Position: " + position).doesNotContainIgnoringCase("close");
			}
			assertThat(client.ask("POST /realtime/send?destination=/app/echo HTTP/1.1").status()).isEqualTo(204);
			assertThat(client.ask("GET /realtime/poll?topic=a&position=nonsense HTTP/1.1").status()).isEqualTo(400);
			assertThat(client.ask("GET /realtime/poll HTTP/1.1").status()).isEqualTo(400);
			assertThat(this.node.bean(ListenerStats.class).connections()).isEqualTo(1);
		}
	}

	@Test
	void aConnectionThatAsksForNothingMoreIsClosed() throws IOException {
		try (Client client = new Client(this.node.port())) {
			assertThat(client.ask("GET /realtime/poll?topic=a HTTP/1.1").status()).isEqualTo(200);
			assertThat(client.readToTheEnd()).isEmpty();
		}
	}

	@Test
	void aParkedPollMayWaitLongerThanAHandshake() throws IOException {
		try (Client client = new Client(this.node.port())) {
			String position = client.ask("GET /realtime/poll?topic=a HTTP/1.1").position();
			Answer quiet = client.ask("GET /realtime/poll?topic=a&timeout=4000&position=" + position + " HTTP/1.1");
			assertThat(quiet.status()).isEqualTo(204);
		}
	}

	@Test
	void streamsAreConnectionsAndThereIsABound() throws IOException {
		ListenerStats stats = this.node.bean(ListenerStats.class);
		try (Client one = new Client(this.node.port()); Client two = new Client(this.node.port())) {
			assertThat(one.ask("GET /realtime/sse?topic=a HTTP/1.1").status()).isEqualTo(200);
			assertThat(two.ask("GET /realtime/sse?topic=a HTTP/1.0").status()).isEqualTo(200);
			try (Client three = new Client(this.node.port())) {
				assertThat(three.ask("GET /realtime/sse?topic=a HTTP/1.1").status()).isEqualTo(503);
				assertThat(three.readToTheEnd()).isEmpty();
			}
			assertThat(stats.open()).isEqualTo(2);
		}
		await().until(() -> stats.open() == 0 && stats.connections() == 0);
	}

	/** Asks on one connection. */
	private static final class Client implements AutoCloseable {

		private final Socket socket;

		private final BufferedReader in;

		Client(int port) throws IOException {
			this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket.setSoTimeout(20_000);
			this.in = new BufferedReader(
					new InputStreamReader(this.socket.getInputStream(), StandardCharsets.US_ASCII));
		}

		Answer ask(String requestLine) throws IOException {
			this.socket.getOutputStream()
				.write((requestLine + "\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			StringBuilder head = new StringBuilder();
			for (String line = this.in.readLine(); line != null && !line.isEmpty(); line = this.in.readLine()) {
				head.append(line).append('\n');
			}
			char[] body = new char[head.toString()
				.lines()
				.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
				.mapToInt((line) -> Integer.parseInt(line.substring(15).strip()))
				.findFirst()
				.orElse(0)];
			int read = 0;
			while (read < body.length) {
				read += this.in.read(body, read, body.length - read);
			}
			return new Answer(head.toString(), new String(body));
		}

		String readToTheEnd() throws IOException {
			StringBuilder rest = new StringBuilder();
			for (int c = this.in.read(); c >= 0; c = this.in.read()) {
				rest.append((char) c);
			}
			return rest.toString();
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

	private record Answer(String head, String body) {

		int status() {
			return Integer.parseInt(this.head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
		}

		String position() {
			return this.body.replaceAll("(?s).*\"position\":\"([^\"]*)\".*", "$1");
		}

	}

}
