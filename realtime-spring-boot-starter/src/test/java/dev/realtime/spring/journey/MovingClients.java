package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many subscribers of one topic that come back with their position, where a balancer
 * sends them, whenever they are closed. What should not happen to them is noted.
 */
final class MovingClients implements AutoCloseable {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	/** From the close to the next attempt. */
	private static final Duration BETWEEN = Duration.ofMillis(20);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "moving-clients");
		thread.setDaemon(true);
		return thread;
	});

	private final List<Client> clients = new ArrayList<>();

	private final List<String> problems = new CopyOnWriteArrayList<>();

	/** How long connections had been open when the node told their clients to go. */
	private final List<Duration> stays = new CopyOnWriteArrayList<>();

	private final String topic;

	private final IntSupplier balancer;

	private volatile boolean closed;

	/**
	 * Connects and subscribes all.
	 * @param balancer gives the port for each connection
	 */
	MovingClients(int count, String topic, IntSupplier balancer) {
		this.topic = topic;
		this.balancer = balancer;
		add(count);
	}

	/** Returns a balancer that gives these ports one after the other. */
	static IntSupplier inTurn(Integer... ports) {
		return inTurn(List.of(ports));
	}

	/** Returns a balancer that gives the ports of the list, as it is then, in turn. */
	static IntSupplier inTurn(List<Integer> ports) {
		AtomicInteger turn = new AtomicInteger();
		return () -> ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
	}

	/** Connects and subscribes so many more. */
	void add(int count) {
		for (int i = 0; i < count; i++) {
			Client client = new Client();
			this.clients.add(client);
			client.connect();
		}
		awaitAll();
	}

	/** Waits until all are subscribed. */
	void awaitAll() {
		Awaitility.await("all clients").untilAsserted(() -> {
			assertThat(this.problems).isEmpty();
			assertThat(this.clients).allMatch((client) -> client.live);
		});
	}

	/** Waits until each has every message up to this one, once and in order. */
	void awaitExactly(long messages) {
		List<Long> all = LongStream.rangeClosed(1, messages).boxed().toList();
		Awaitility.await("all messages")
			.untilAsserted(
					() -> assertThat(this.clients).allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(all)));
		assertThat(this.problems).isEmpty();
	}

	/** What should not have happened: another close, without notice, not recovered. */
	List<String> problems() {
		return List.copyOf(this.problems);
	}

	/** One for each time that a client was told to go. */
	List<Duration> stays() {
		return List.copyOf(this.stays);
	}

	@Override
	public void close() {
		this.closed = true;
		this.timer.shutdownNow();
		this.clients.forEach(Client::abort);
	}

	/**
	 * Calls come one after the other: of one socket, and the next one follows its end.
	 */
	private final class Client implements WebSocket.Listener {

		private final StringBuilder partial = new StringBuilder();

		private final List<Long> seqs = new ArrayList<>();

		private volatile @Nullable WebSocket socket;

		private volatile boolean live;

		private @Nullable String epoch;

		private long openedNanos;

		private boolean told;

		private CompletableFuture<WebSocket> sent = new CompletableFuture<>();

		void connect() {
			this.openedNanos = System.nanoTime();
			this.told = false;
			this.partial.setLength(0);
			URI uri = URI.create("ws://localhost:" + MovingClients.this.balancer.getAsInt() + "/realtime");
			var unused = HTTP.newWebSocketBuilder()
				.subprotocols("v12.stomp")
				.buildAsync(uri, this)
				.whenComplete((opened, failure) -> {
					if (failure != null) {
						MovingClients.this.problems.add("not connected: " + failure);
						again();
					}
				});
		}

		synchronized List<Long> seqs() {
			return List.copyOf(this.seqs);
		}

		void abort() {
			WebSocket known = this.socket;
			if (known != null) {
				known.abort();
			}
		}

		@Override
		public void onOpen(WebSocket opened) {
			this.socket = opened;
			this.sent = CompletableFuture.completedFuture(opened);
			send(opened, "CONNECT", Map.of("accept-version", "1.2", "login", "ann", "realtime", "1"));
			opened.request(1);
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
			this.partial.append(data);
			for (int end = this.partial.indexOf("\0"); end >= 0; end = this.partial.indexOf("\0")) {
				StompFrame frame = StompFrame.parse(this.partial.substring(0, end).stripLeading());
				this.partial.delete(0, end + 1);
				received(from, frame);
			}
			from.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
			this.live = false;
			if (!MovingClients.this.closed) {
				if (code != 1012 || !this.told) {
					MovingClients.this.problems.add("closed with " + code + ", told: " + this.told);
				}
				again();
			}
			return null;
		}

		@Override
		public void onError(WebSocket from, Throwable error) {
			if (!MovingClients.this.closed) {
				this.live = false;
				MovingClients.this.problems.add("lost: " + error);
				again();
			}
		}

		private void again() {
			if (!MovingClients.this.closed) {
				var unused = MovingClients.this.timer.schedule(this::connect, BETWEEN.toMillis(),
						TimeUnit.MILLISECONDS);
			}
		}

		private synchronized void received(WebSocket from, StompFrame frame) {
			if (frame.command().equals("CONNECTED")) {
				send(from, "SUBSCRIBE", subscribe());
			}
			else if ("r".equals(frame.get("receipt-id"))) {
				if (this.epoch != null && !"true".equals(frame.get("recovered"))) {
					MovingClients.this.problems.add("not recovered: " + frame);
				}
				this.epoch = frame.header("epoch");
				this.live = true;
			}
			else if (frame.isEvent("reconnect")) {
				this.told = true;
				MovingClients.this.stays.add(Duration.ofNanos(System.nanoTime() - this.openedNanos));
			}
			else if (frame.isMessage()) {
				this.seqs.add(frame.seq());
			}
			else {
				MovingClients.this.problems.add("unexpected: " + frame);
			}
		}

		private Map<String, String> subscribe() {
			Map<String, String> headers = new HashMap<>(
					Map.of("id", "sub-0", "destination", "/topic/" + MovingClients.this.topic, "receipt", "r"));
			if (this.epoch != null) {
				headers.put("epoch", this.epoch);
				headers.put("last-seq", Long.toString(this.seqs.isEmpty() ? 0 : this.seqs.get(this.seqs.size() - 1)));
			}
			return headers;
		}

		private synchronized void send(WebSocket to, String command, Map<String, String> headers) {
			StringBuilder frame = new StringBuilder(command).append('\n');
			headers.forEach((name, value) -> frame.append(name).append(':').append(value).append('\n'));
			frame.append("\n\0");
			// Java's WebSocket refuses a frame while another one is being sent.
			this.sent = this.sent.thenCompose((before) -> to.sendText(frame.toString(), true));
			var unused = this.sent.whenComplete((done, failure) -> {
				if (failure != null && !MovingClients.this.closed) {
					MovingClients.this.problems.add("not sent: " + command + ": " + failure);
				}
			});
		}

	}

}
