package dev.realtime.spring.guide;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A STOMP client that keeps all that it gets as one text. */
final class GuideClient implements WebSocket.Listener, AutoCloseable {

	/** Written by the socket's thread alone. */
	private volatile String received = "";

	private final WebSocket socket;

	private GuideClient(int port, Map<String, String> handshake) {
		WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder().subprotocols("v12.stomp");
		handshake.forEach(builder::header);
		this.socket = builder.buildAsync(URI.create("ws://localhost:" + port + "/realtime"), this)
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
	}

	static GuideClient open(int port, Map<String, String> handshake) {
		return new GuideClient(port, handshake);
	}

	/** Sends a frame; waits for a part of the answer. */
	String ask(String frame, String answer) {
		this.socket.sendText(frame + '\0', true).orTimeout(10, TimeUnit.SECONDS).join();
		return await(answer);
	}

	/** Waits for a part of what it gets. */
	String await(String answer) {
		Awaitility.await(answer).until(() -> this.received.contains(answer));
		return this.received;
	}

	/** One call at a time. */
	@Override
	@SuppressWarnings("NonAtomicVolatileUpdate")
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.received = this.received + data;
		webSocket.request(1);
		return null;
	}

	@Override
	public void close() {
		this.socket.abort();
	}

}
