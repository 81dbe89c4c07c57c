package dev.realtime.test;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that brings frames. Frames are handed over one after the other, on a thread
 * of the HTTP client's.
 */
final class StompSocket {

	/** Its threads are daemons, and end when it is not used. */
	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final WebSocket socket;

	private final Listener listener;

	private final Duration patience;

	private StompSocket(WebSocket socket, Listener listener, Duration patience) {
		this.socket = socket;
		this.listener = listener;
		this.patience = patience;
	}

	/**
	 * Opens one.
	 * @throws RealtimeRefusedException when the handshake is refused
	 */
	static StompSocket open(URI uri, Map<String, List<String>> headers, Duration patience, Owner owner) {
		WebSocket.Builder builder = HTTP.newWebSocketBuilder().subprotocols("v12.stomp").connectTimeout(patience);
		headers.forEach((name, values) -> values.forEach((value) -> builder.header(name, value)));
		Listener listener = new Listener(owner);
		try {
			return new StompSocket(wait(builder.buildAsync(uri, listener), patience), listener, patience);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof WebSocketHandshakeException refused) {
				throw new RealtimeRefusedException("The handshake with " + uri,
						"http-" + refused.getResponse().statusCode(), null);
			}
			throw new IllegalStateException("Could not connect to " + uri, ex.getCause());
		}
	}

	/** Sends one frame. */
	synchronized void send(byte[] frame) {
		CompletableFuture<WebSocket> sent;
		try {
			sent = this.socket.sendText(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(frame)), true);
		}
		catch (CharacterCodingException ex) {
			sent = this.socket.sendBinary(ByteBuffer.wrap(frame), true);
		}
		wait(sent, this.patience);
	}

	/** Nothing is handed over, and nothing is read from the socket of TCP. */
	void stopReading() {
		this.listener.stop();
	}

	/** Hands over what has come, and reads on. */
	void resumeReading() {
		this.listener.resume(this.socket);
	}

	/** Closes the socket of TCP, without a close frame. */
	void abort() {
		this.socket.abort();
	}

	private static <T> T wait(CompletableFuture<T> answer, Duration patience) {
		return answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
	}

	/** Gets what comes. */
	interface Owner {

		/** A frame has come. */
		void onFrame(ServerFrame frame);

		/** Nothing comes any more; may be called several times. */
		void onClosed(ClosedConnection how);

	}

	/**
	 * Called by one thread at a time. The socket is read when that is requested: one
	 * arrival at a time.
	 */
	private static final class Listener implements WebSocket.Listener {

		private final Owner owner;

		private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

		/** What came for the request that was made before reading stopped. */
		@GuardedBy("this")
		private final List<Runnable> held = new ArrayList<>();

		@GuardedBy("this")
		private boolean stopped;

		Listener(Owner owner) {
			this.owner = owner;
		}

		synchronized void stop() {
			this.stopped = true;
		}

		void resume(WebSocket webSocket) {
			List<Runnable> arrivals;
			synchronized (this) {
				this.stopped = false;
				arrivals = List.copyOf(this.held);
				this.held.clear();
			}
			arrivals.forEach(Runnable::run);
			if (!arrivals.isEmpty()) {
				webSocket.request(arrivals.size());
			}
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			byte[] bytes = data.toString().getBytes(StandardCharsets.UTF_8);
			return arrived(webSocket, () -> received(bytes, last));
		}

		@Override
		public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
			byte[] bytes = new byte[data.remaining()];
			data.get(bytes);
			return arrived(webSocket, () -> received(bytes, last));
		}

		@Override
		public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
			return arrived(webSocket, () -> {
			});
		}

		@Override
		public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
			return arrived(webSocket, () -> {
			});
		}

		/** The close frame is answered when it is read. */
		@Override
		public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			CompletableFuture<@Nullable Void> read = new CompletableFuture<>();
			CompletionStage<?> unused = arrived(webSocket, () -> {
				this.owner.onClosed(new ClosedConnection(statusCode, reason));
				read.complete(null);
			});
			return read;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			this.owner.onClosed(new ClosedConnection(ClosedConnection.WITHOUT_A_WORD, ""));
		}

		/** Handles it and requests the next, or neither. */
		private @Nullable CompletionStage<?> arrived(WebSocket webSocket, Runnable arrival) {
			synchronized (this) {
				if (this.stopped) {
					this.held.add(arrival);
					return null;
				}
			}
			arrival.run();
			webSocket.request(1);
			return null;
		}

		private void received(byte[] bytes, boolean last) {
			this.partial.writeBytes(bytes);
			if (last) {
				byte[] whole = this.partial.toByteArray();
				this.partial.reset();
				ServerFrame.decode(whole).forEach(this.owner::onFrame);
			}
		}

	}

}
