package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Answers to clients that read slowly or not at all. */
abstract class UnreadAnswersContract {

	private static final String TOPIC = "room.large";

	private final ConfigurableApplicationContext node;

	private final int port;

	private String path = "";

	UnreadAnswersContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.limits.write-timeout=2s",
				"realtime.publish.max-payload=1MB", "realtime.queue.max-bytes=4MB"));
		all.addAll(List.of(properties));
		this.node = StreamNode.startAlone(all.toArray(String[]::new));
		this.port = ChatNode.port(this.node);
	}

	@BeforeEach
	void publish() {
		// Larger than any socket's buffers: in JSON the character takes six bytes.
		String epoch = StreamNode.publish(this.node, TOPIC, Content.text("<".repeat(1_000_000))).position().epoch();
		this.path = "/realtime/poll?topic=" + TOPIC + "&position=" + epoch + "-0";
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_theConnectionOfAClientThatNeverReadsItsAnswerIsClosed() throws IOException {
		List<Socket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < 10; i++) {
				sockets.add(ask());
			}
			await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(sockets).allMatch(this::isClosed));
		}
		finally {
			for (Socket socket : sockets) {
				socket.close();
			}
		}
	}

	@Test
	void aClientThatReadsSlowlyGetsAllOfALongAnswer() throws IOException {
		long begin = System.nanoTime();
		try (Socket socket = ask()) {
			socket.setSoTimeout(10_000);
			InputStream in = socket.getInputStream();
			String head = 'H' + readHead(in);
			int length = Integer.parseInt(head.lines()
				.filter((line) -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
				.map((line) -> line.substring("content-length:".length()).strip())
				.findFirst()
				.orElseThrow());
			assertThat(length).isGreaterThan(6_000_000);
			int read = 0;
			while (read < length) {
				read += in.readNBytes(Math.min(131_072, length - read)).length;
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			}
			assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(4));
		}
	}

	/** Asks for more than sockets' buffers hold, and waits until the answer has begun. */
	private Socket ask() throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4_096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		socket.getOutputStream()
			.write(("GET " + this.path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		assertThat(socket.getInputStream().read()).isEqualTo('H');
		return socket;
	}

	/** A socket that the server has closed takes nothing more. */
	private boolean isClosed(Socket socket) {
		try {
			socket.getOutputStream().write('\n');
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	private static String readHead(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) in.read());
		}
		return head.toString();
	}

}
