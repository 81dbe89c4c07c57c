package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client that comes back with its position whenever its connection ends. */
abstract class Returning implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Returning.class);

	private static final long BETWEEN_ROUNDS = TimeUnit.MILLISECONDS.toNanos(200);

	final int port;

	final String topic;

	final List<Long> seqs = new CopyOnWriteArrayList<>();

	volatile boolean closed;

	private final AtomicInteger rounds = new AtomicInteger();

	private final Thread thread;

	Returning(int port, String topic) {
		this.port = port;
		this.topic = topic;
		this.thread = new Thread(this::run, getClass().getSimpleName());
		this.thread.setDaemon(true);
	}

	/** Begins, and waits until it is subscribed. */
	final void begin() {
		this.thread.start();
		Awaitility.await("subscription").until(this::isSubscribed);
	}

	abstract boolean isSubscribed();

	/** One connection or request, to its end. */
	abstract void round() throws Exception;

	private void run() {
		while (!this.closed) {
			this.rounds.incrementAndGet();
			try {
				round();
			}
			catch (Exception | AssertionError ex) {
				logger.debug("{} finds another node in the next round", this, ex);
			}
			LockSupport.parkNanos(BETWEEN_ROUNDS);
		}
	}

	List<Long> seqs() {
		return List.copyOf(this.seqs);
	}

	/** How often it has come back. */
	int returns() {
		return this.rounds.get() - 1;
	}

	void pause() {
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
	}

	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
	}

	@Override
	public String toString() {
		return this.thread.getName() + " after " + returns() + " returns";
	}

	/** Over a WebSocket. */
	static final class OverWebSocket extends Returning {

		private volatile @Nullable String epoch;

		OverWebSocket(int port, String topic) {
			super(port, topic);
			begin();
		}

		@Override
		boolean isSubscribed() {
			return this.epoch != null;
		}

		@Override
		void round() {
			try (StompTestClient client = StompTestClient.open(this.port)) {
				client.send("CONNECT", Map.of("accept-version", "1.2", "login", "ann", "realtime", "1"), "");
				awaitOpen(client, (frame) -> frame.command().equals("CONNECTED"));
				String known = this.epoch;
				client.send("SUBSCRIBE", subscribe(known), "");
				StompFrame outcome = awaitOpen(client, (frame) -> "r".equals(frame.get("receipt-id")));
				if (known != null && !"true".equals(outcome.get("recovered"))) {
					throw new AssertionError("Not recovered: " + outcome);
				}
				this.epoch = outcome.header("epoch");
				int read = 0;
				while (!this.closed) {
					boolean over = client.closeCode != null;
					List<Long> came = client.seqs();
					this.seqs.addAll(came.subList(read, came.size()));
					read = came.size();
					if (over) {
						return;
					}
					pause();
				}
			}
		}

		private Map<String, String> subscribe(@Nullable String known) {
			Map<String, String> headers = new HashMap<>(
					Map.of("id", "sub-0", "destination", "/topic/" + this.topic, "receipt", "r"));
			if (known != null) {
				headers.put("epoch", known);
				headers.put("last-seq", Long.toString(this.seqs.isEmpty() ? 0 : this.seqs.get(this.seqs.size() - 1)));
			}
			return headers;
		}

		/** Waits for a frame while the connection is open. */
		private static StompFrame awaitOpen(StompTestClient client, Predicate<StompFrame> wanted) {
			return Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
				boolean over = client.closeCode != null;
				for (StompFrame frame : client.frames()) {
					if (wanted.test(frame)) {
						return frame;
					}
				}
				if (over) {
					throw new IllegalStateException("The connection was closed");
				}
				return null;
			}, (frame) -> frame != null);
		}

	}

	/** Over Server-Sent Events. */
	static final class OverEvents extends Returning {

		private volatile @Nullable String position;

		OverEvents(int port, String topic) {
			super(port, topic);
			begin();
		}

		@Override
		boolean isSubscribed() {
			return this.position != null;
		}

		@Override
		void round() {
			String known = this.position;
			String[] headers = (known != null) ? new String[] { "Last-Event-ID", known } : new String[0];
			try (EventStream stream = EventStream.ask(this.port, "topic=" + this.topic, headers)) {
				int read = 0;
				while (!this.closed) {
					boolean over = stream.ended;
					List<EventStream.Event> came = stream.events();
					for (EventStream.Event event : came.subList(read, came.size())) {
						if (event.name().equals("message")) {
							this.seqs.add(event.seq());
						}
						if (!event.id().isEmpty()) {
							this.position = event.id();
						}
					}
					read = came.size();
					if (over) {
						return;
					}
					pause();
				}
			}
		}

	}

	/** Over long polls. */
	static final class OverPolls extends Returning {

		private volatile @Nullable String position;

		OverPolls(int port, String topic) {
			super(port, topic);
			begin();
		}

		@Override
		boolean isSubscribed() {
			return this.position != null;
		}

		@Override
		void round() {
			String known = this.position;
			HttpResponse<String> answer = Polls.poll(this.port,
					"topic=" + this.topic + ((known != null) ? "&position=" + known : ""));
			if (answer.statusCode() >= 300) {
				throw new IllegalStateException("Status " + answer.statusCode());
			}
			if (answer.statusCode() == 200) {
				for (Map<String, Object> event : Polls.events(answer)) {
					if ("message".equals(event.get("event"))) {
						this.seqs.add(((Number) Objects.requireNonNull(event.get("seq"))).longValue());
					}
				}
			}
			this.position = Polls.position(answer);
		}

	}

}
