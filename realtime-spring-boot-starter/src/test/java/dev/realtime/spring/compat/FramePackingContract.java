package dev.realtime.spring.compat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients that read one STOMP frame from each WebSocket message, as many do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FramePackingContract {

	private static final int MESSAGES = 50;

	private final ConfigurableApplicationContext node;

	FramePackingContract(String... properties) {
		this.node = PlainNode.start(List.of(properties));
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aClientThatAnnouncedNothingGetsOneFrameInEachMessage() {
		try (Reader reader = Reader.connect(PlainNode.url(this.node), "")) {
			reader.burst(MESSAGES);
			assertThat(reader.messages).allSatisfy((message) -> assertThat(frames(message)).isLessThanOrEqualTo(1));
			assertThat(reader.firstFrames()).filteredOn((frame) -> frame.startsWith("MESSAGE\n")).hasSize(MESSAGES);
		}
	}

	@Test
	void aClientThatAnnouncedItGetsEveryFrame() {
		try (Reader reader = Reader.connect(PlainNode.url(this.node), "realtime:1\n")) {
			reader.burst(MESSAGES);
			assertThat(reader.messages.stream().mapToInt(FramePackingContract::frames).sum())
				.isGreaterThanOrEqualTo(MESSAGES + 1);
		}
	}

	@Test
	void aClientThatReadsTextUpToTheFirstNulGetsOneFrameInEachMessageAndControlEvents() {
		try (Reader reader = Reader.connect(PlainNode.url(this.node), "realtime:1\nsingle-frames:1\n")) {
			reader.burst(8 * MESSAGES);
			reader.send("SUBSCRIBE\nid:nameless\ndestination:/topic/\n\n\0");
			reader.await("event:denied\n");
			assertThat(reader.messages).allSatisfy((message) -> assertThat(frames(message)).isLessThanOrEqualTo(1));
		}
	}

	/** Whether the client has got messages of several frames. */
	static boolean packs(ConfigurableApplicationContext node, String header) {
		try (Reader reader = Reader.connect(PlainNode.url(node), header)) {
			reader.burst(8 * MESSAGES);
			return reader.messages.stream().anyMatch((message) -> frames(message) > 1);
		}
	}

	ConfigurableApplicationContext node() {
		return this.node;
	}

	private static int frames(String message) {
		return (int) message.chars().filter((c) -> c == 0).count();
	}

	/** Keeps whole WebSocket messages. */
	private static final class Reader implements WebSocket.Listener, AutoCloseable {

		final List<String> messages = new CopyOnWriteArrayList<>();

		private final StringBuilder parts = new StringBuilder();

		private final WebSocket socket;

		private Reader(String url) {
			this.socket = HttpClient.newHttpClient()
				.newWebSocketBuilder()
				.subprotocols("v12.stomp")
				.buildAsync(URI.create(url), this)
				.orTimeout(20, TimeUnit.SECONDS)
				.join();
		}

		static Reader connect(String url, String header) {
			Reader reader = new Reader(url);
			reader.send("CONNECT\naccept-version:1.2\nhost:localhost\n" + header + "heart-beat:0,0\n\n\0");
			reader.await("CONNECTED\n");
			return reader;
		}

		void burst(int count) {
			send("SUBSCRIBE\nid:s\ndestination:/topic/burst\nreceipt:live\n\n\0");
			await("receipt-id:live\n");
			send("SEND\ndestination:/app/burst\n\n" + count + '\0');
			await("message " + count + '\0');
		}

		/** What a client sees that ignores what follows a frame. */
		List<String> firstFrames() {
			return this.messages.stream().map((message) -> message.split("\0", 2)[0]).toList();
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.parts.append(data);
			if (last) {
				this.messages.add(this.parts.toString());
				this.parts.setLength(0);
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public void close() {
			this.socket.abort();
		}

		private void send(String text) {
			this.socket.sendText(text, true).orTimeout(20, TimeUnit.SECONDS).join();
		}

		private void await(String text) {
			Awaitility.await(text).until(() -> this.messages.stream().anyMatch((message) -> message.contains(text)));
		}

	}

}
