package dev.realtime.spring.compat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A WebSocket and no more: for what STOMP clients hide. */
final class RawSocket implements WebSocket.Listener, AutoCloseable {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final List<String> parts = new CopyOnWriteArrayList<>();

	private final WebSocket socket;

	private volatile boolean closed;

	private RawSocket(String url) {
		this.socket = HTTP.newWebSocketBuilder()
			.subprotocols("v12.stomp")
			.buildAsync(URI.create(url), this)
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
	}

	private RawSocket(int port, String user) {
		String login = user + ':' + ExistingSecurity.PASSWORD;
		this.socket = HTTP.newWebSocketBuilder()
			.subprotocols("v12.stomp")
			.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
			.buildAsync(URI.create("ws://localhost:" + port + "/ws"), this)
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
	}

	/**
	 * Connects without a name, and asks for control events.
	 * @param headers more of the CONNECT, such as login:ann
	 */
	static RawSocket open(String url, String... headers) {
		RawSocket socket = new RawSocket(url);
		String more = (headers.length > 0) ? String.join("\n", headers) + '\n' : "";
		socket.send("CONNECT\naccept-version:1.2\nhost:localhost\nrealtime:1\nheart-beat:0,0\n" + more + "\n\0");
		socket.await("CONNECTED\n");
		return socket;
	}

	static RawSocket connect(int port, String user, String heartbeat) {
		RawSocket socket = new RawSocket(port, user);
		socket.send("CONNECT\naccept-version:1.2\nhost:localhost\nlogin:" + user + "\npasscode:"
				+ ExistingSecurity.PASSWORD + "\nheart-beat:" + heartbeat + "\n\n\0");
		socket.await("CONNECTED\n");
		return socket;
	}

	void send(String text) {
		this.socket.sendText(text, true).orTimeout(20, TimeUnit.SECONDS).join();
	}

	void await(String text) {
		Awaitility.await(text).until(() -> received().contains(text));
	}

	String received() {
		return String.join("", this.parts);
	}

	boolean isClosed() {
		return this.closed;
	}

	/** Ends without a word, as a lost network does. */
	void abort() {
		this.socket.abort();
	}

	@Override
	public void close() {
		abort();
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.parts.add(data.toString());
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.closed = true;
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.closed = true;
	}

}
