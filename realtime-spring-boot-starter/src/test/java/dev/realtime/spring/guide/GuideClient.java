package dev.realtime.spring.guide;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

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

	/** Subscribes to a topic of the application, without credentials. */
	static GuideClient subscribed(ApplicationContext node, String topic) {
		GuideClient client = open(
				Integer.parseInt(Objects.requireNonNull(node.getEnvironment().getProperty("local.server.port"))),
				Map.of());
		client.ask("CONNECT\naccept-version:1.2\nhost:localhost\n\n", "CONNECTED");
		client.ask("SUBSCRIBE\nid:s\ndestination:/topic/" + topic + "\nreceipt:live\n\n", "receipt-id:live");
		return client;
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
