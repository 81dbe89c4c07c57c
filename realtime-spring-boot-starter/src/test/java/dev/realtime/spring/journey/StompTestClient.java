package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A plain STOMP client that remembers every frame; knows nothing of positions. */
final class StompTestClient implements AutoCloseable {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final List<StompFrame> frames = new CopyOnWriteArrayList<>();

	/** How often each id was subscribed with. */
	private final Map<String, Integer> subscribed = new ConcurrentHashMap<>();

	private final StringBuilder partial = new StringBuilder();

	private final WebSocket socket;

	volatile @Nullable Integer closeCode;

	volatile @Nullable String closeReason;

	private StompTestClient(int port, String path, Map<String, String> handshake, String... protocols) {
		WebSocket.Builder builder = HTTP.newWebSocketBuilder()
			.subprotocols("v12.stomp", protocols)
			.connectTimeout(Duration.ofSeconds(10));
		handshake.forEach(builder::header);
		this.socket = builder.buildAsync(URI.create("ws://localhost:" + port + path), new Listener()).join();
	}

	/** Opens the socket only. */
	static StompTestClient open(int port) {
		return open(port, Map.of());
	}

	/** Opens the socket only, at this path, and offers these protocols besides STOMP. */
	static StompTestClient openAt(int port, String path, String... protocols) {
		return new StompTestClient(port, path, Map.of(), protocols);
	}

	/** Opens the socket only, at this path, with these headers in the HTTP request. */
	static StompTestClient openAt(int port, String path, Map<String, String> handshake) {
		return new StompTestClient(port, path, handshake);
	}

	/** Opens the socket only, with these headers in the HTTP request. */
	static StompTestClient open(int port, Map<String, String> handshake) {
		return new StompTestClient(port, "/realtime", handshake);
	}

	/** Connects with control events. */
	static StompTestClient connect(int port, String user) {
		return connect(port, "/realtime", user);
	}

	/** Connects with control events where the endpoint has another path. */
	static StompTestClient connect(int port, String path, String user) {
		StompTestClient client = new StompTestClient(port, path, Map.of());
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user, "realtime", "1"),
				"");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	/** Connects as any STOMP client does. */
	static StompTestClient connectPlain(int port, String user) {
		StompTestClient client = open(port);
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	void send(String command, Map<String, String> headers, String body) {
		StringBuilder frame = new StringBuilder(command).append('\n');
		headers.forEach((name, value) -> frame.append(name).append(':').append(value).append('\n'));
		raw(frame.append('\n').append(body).append('\0').toString());
	}

	void raw(String text) {
		this.socket.sendText(text, true).orTimeout(10, TimeUnit.SECONDS).join();
	}

	/** Sends a WebSocket pong, unless the socket is closed. */
	void pong() {
		if (this.closeCode == null) {
			this.socket.sendPong(ByteBuffer.allocate(0))
				.orTimeout(10, TimeUnit.SECONDS)
				.exceptionally((ex) -> null)
				.join();
		}
	}

	/** Sends text, unless the socket is closed. */
	void rawIfOpen(String text) {
		if (this.closeCode == null) {
			this.socket.sendText(text, true).orTimeout(10, TimeUnit.SECONDS).exceptionally((ex) -> null).join();
		}
	}

	/** Subscribes and waits until it is live. */
	StompFrame subscribe(String id, String destination, Map<String, String> more) {
		Map<String, String> headers = new java.util.LinkedHashMap<>(more);
		headers.put("id", id);
		headers.put("destination", destination);
		// An id may be used again: the receipt of an earlier time must not count.
		int times = this.subscribed.merge(id, 1, Integer::sum);
		String receipt = (times > 1) ? "r-" + id + '-' + times : "r-" + id;
		headers.put("receipt", receipt);
		send("SUBSCRIBE", headers, "");
		return await("receipt of " + id, (frame) -> receipt.equals(frame.get("receipt-id")));
	}

	StompFrame subscribe(String id, String destination) {
		return subscribe(id, destination, Map.of());
	}

	StompFrame await(String what, Predicate<StompFrame> wanted) {
		return Awaitility.await(what)
			.atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(10))
			.failFast("closed: " + what, () -> this.closeCode != null && this.frames.stream().noneMatch(wanted))
			.until(() -> this.frames.stream().filter(wanted).findFirst().orElse(null), (frame) -> frame != null);
	}

	List<StompFrame> frames() {
		return List.copyOf(this.frames);
	}

	List<StompFrame> messages() {
		return this.frames.stream().filter(StompFrame::isMessage).toList();
	}

	List<Long> seqs() {
		return messages().stream().map(StompFrame::seq).toList();
	}

	/** Cuts the connection without a word, as a lost network does. */
	void cut() {
		this.socket.abort();
	}

	@Override
	public void close() {
		this.socket.abort();
	}

	private synchronized void received(CharSequence data) {
		this.partial.append(data);
		int end = this.partial.indexOf("\0");
		while (end >= 0) {
			String text = this.partial.substring(0, end).stripLeading();
			this.frames.add(StompFrame.parse(text));
			this.partial.delete(0, end + 1);
			end = this.partial.indexOf("\0");
		}
	}

	private final class Listener implements WebSocket.Listener {

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			received(data);
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			StompTestClient.this.closeReason = reason;
			StompTestClient.this.closeCode = statusCode;
			return null;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			StompTestClient.this.closeCode = -1;
		}

	}

}
