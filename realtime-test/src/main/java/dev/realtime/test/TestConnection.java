package dev.realtime.test;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

/**
 * One connection of a client, from its handshake to its end. What comes is handed to the
 * client's subscriptions with the monitor's lock held; so are all fields but the socket
 * and the number of receipts read and written.
 */
final class TestConnection implements StompSocket.Owner {

	private final ApplicationContext application;

	/** The value of {@link ServerSide#HEADER}. */
	private final String mark;

	private final Monitor monitor;

	private final Duration patience;

	/** By id; those of the client, which outlive the connection. */
	private final Map<String, TestSubscription> subscriptions;

	private final StompSocket socket;

	private final Map<String, ServerFrame> answers = new HashMap<>();

	private final List<ServerFrame> events = new ArrayList<>();

	private int receipts;

	private @Nullable ServerFrame connected;

	private @Nullable ServerFrame error;

	private @Nullable ClosedConnection closed;

	/** Whether the socket is not read. */
	private boolean stopped;

	private TestConnection(ApplicationContext application, String mark, URI uri, Map<String, List<String>> handshake,
			Duration patience, Monitor monitor, Map<String, TestSubscription> subscriptions) {
		this.application = application;
		this.mark = mark;
		this.monitor = monitor;
		this.patience = patience;
		this.subscriptions = subscriptions;
		this.socket = StompSocket.open(uri, handshake, patience, this);
	}

	/** Opens the socket and waits for CONNECTED. */
	static TestConnection open(ClientSettings settings, String mark, Monitor monitor,
			Map<String, TestSubscription> subscriptions) {
		TestConnection opened = new TestConnection(settings.application(), mark, settings.uri(),
				settings.withHandshakeHeader(ServerSide.HEADER, mark).handshake(), settings.answerPatience(), monitor,
				subscriptions);
		opened.write("CONNECT", settings.connect(), new byte[0]);
		opened.await(() -> opened.connected, () -> "the CONNECT", "No CONNECTED");
		return opened;
	}

	/** Returns the headers of CONNECTED. */
	Map<String, String> connectedHeaders() {
		return this.monitor.read(() -> (this.connected != null) ? this.connected.headers() : Map.<String, String>of());
	}

	/** Sends a frame, and nothing answers. */
	void write(String command, Map<String, String> headers, byte[] body) {
		this.socket.send(ClientFrame.encode(command, headers, body));
	}

	/** Returns the id of the next receipt. */
	String nextReceipt() {
		return this.monitor.read(() -> "r-" + ++this.receipts);
	}

	/**
	 * Sends a frame and waits for its RECEIPT.
	 * @throws RealtimeRefusedException when it is refused
	 */
	ServerFrame ask(String command, Map<String, String> headers, byte[] body, String receipt) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.put("receipt", receipt);
		String what = command + (headers.containsKey("destination") ? " to " + headers.get("destination") : "");
		checkOpen(what);
		write(command, all, body);
		ServerFrame answer = await(() -> this.answers.remove(receipt), () -> "The " + what,
				"No RECEIPT of the " + what);
		if (!answer.command().equals("RECEIPT")) {
			String reason = answer.header("reason");
			throw refusal("The " + what, (reason != null) ? reason : "ERROR", answer.header("message"));
		}
		return answer;
	}

	/** Waits for an event that concerns the whole connection. */
	ServerFrame awaitEvent(String event) {
		return this.monitor.await(this.patience,
				() -> this.events.stream()
					.filter((each) -> event.equals(each.header("event")))
					.findFirst()
					.orElse(null),
				() -> "No event " + event + within() + "; received: " + this.events + ". " + state());
	}

	/** What the application has of it, unless it has ended there. */
	@Nullable ServerSide serverSide() {
		return ServerSide.find(this.application, this.mark);
	}

	/**
	 * Reads nothing more from the socket, whose buffers are full when this returns.
	 */
	void stopReading() {
		checkOpen("stopReading()");
		ServerSide serverSide = serverSide();
		if (serverSide == null) {
			throw new IllegalStateException("The application does not have the connection");
		}
		this.socket.stopReading();
		this.monitor.change(() -> this.stopped = true);
		serverSide.fillSocket(this.patience);
	}

	boolean isStopped() {
		return this.monitor.read(() -> this.stopped);
	}

	/** Reads on, when what was published until now has been offered to the queue. */
	void resumeReading() {
		if (!isStopped()) {
			throw new IllegalStateException("The client reads already");
		}
		ServerSide serverSide = serverSide();
		for (TestSubscription each : this.subscriptions.values()) {
			Topic topic = each.followed();
			if (serverSide != null && topic != null) {
				serverSide.awaitOffered(topic, this.patience);
			}
		}
		readOn();
	}

	private void readOn() {
		this.monitor.change(() -> this.stopped = false);
		this.socket.resumeReading();
	}

	/**
	 * Waits for the end. A client that does not read learns of it when it reads on, which
	 * it does when the application has closed the connection.
	 */
	ClosedConnection awaitClosed() {
		if (isStopped()) {
			ServerSide serverSide = serverSide();
			if (serverSide != null) {
				serverSide.awaitGone(this.patience);
			}
			readOn();
		}
		return this.monitor.await(this.patience, () -> this.closed, () -> "The connection is still open" + after());
	}

	boolean isOpen() {
		return this.monitor.read(() -> this.closed == null);
	}

	/** Says how the connection is; with the lock held. */
	String state() {
		return (this.closed == null) ? "The connection is open" + (this.stopped ? ", and is not read." : ".")
				: "The connection is closed: " + this.closed + ((this.error != null) ? ", " + this.error : "") + '.';
	}

	/** Says goodbye and waits for the end. */
	ClosedConnection disconnect() {
		if (isOpen()) {
			ServerFrame unused = ask("DISCONNECT", Map.of(), new byte[0], nextReceipt());
		}
		return awaitClosed();
	}

	/** Does the same at the end of a test: an answer that is late changes nothing. */
	void leave(Duration patience) {
		write("DISCONNECT", Map.of("receipt", nextReceipt()), new byte[0]);
		ClosedConnection unused = this.monitor.await(patience, () -> this.closed, this::state);
		this.socket.abort();
	}

	void cut() {
		this.socket.abort();
		onClosed(new ClosedConnection(ClosedConnection.WITHOUT_A_WORD, "cut by the test"));
	}

	@Override
	public void onFrame(ServerFrame frame) {
		this.monitor.change(() -> {
			if (this.closed == null) {
				received(frame);
			}
		});
	}

	@Override
	public void onClosed(ClosedConnection how) {
		this.monitor.change(() -> {
			if (this.closed == null) {
				this.closed = how;
			}
		});
	}

	private void received(ServerFrame frame) {
		switch (frame.command()) {
			case "CONNECTED" -> this.connected = frame;
			case "RECEIPT" -> answered(frame);
			case "ERROR" -> {
				this.error = frame;
				answered(frame);
			}
			case "MESSAGE" -> {
				if ("realtime".equals(frame.header("subscription"))) {
					control(frame);
				}
				else {
					TestSubscription subscription = this.subscriptions.get(frame.header("subscription"));
					if (subscription != null) {
						subscription.onMessage(frame);
					}
				}
			}
			default -> throw new IllegalStateException("The server sent " + frame);
		}
	}

	private void answered(ServerFrame frame) {
		String receipt = frame.header("receipt-id");
		if (receipt != null) {
			this.answers.put(receipt, frame);
			if (frame.command().equals("RECEIPT")) {
				this.subscriptions.values().forEach((each) -> each.onReceipt(receipt, frame));
			}
		}
	}

	private void control(ServerFrame frame) {
		String id = frame.header("subscription-id");
		TestSubscription subscription = (id != null) ? this.subscriptions.get(id) : null;
		if (frame.header("receipt-id") != null) {
			answered(frame);
		}
		else if (subscription != null) {
			subscription.onEvent(frame);
		}
		else {
			this.events.add(frame);
		}
	}

	private void checkOpen(String what) {
		this.monitor.read(() -> {
			if (this.closed != null) {
				throw new IllegalStateException("No " + what + ": " + state() + " Call reconnect()");
			}
			if (this.stopped) {
				throw new IllegalStateException("No " + what + ": " + state() + " Call resumeReading()");
			}
			return this;
		});
	}

	/** Waits for something that does not come once the connection is closed. */
	private <T> T await(Supplier<@Nullable T> wanted, Supplier<String> what, String missing) {
		return this.monitor.await(this.patience, () -> {
			T found = wanted.get();
			if (found == null && this.closed != null) {
				ServerFrame told = this.error;
				throw refusal(what.get(),
						this.closed.reason().isEmpty() ? String.valueOf(this.closed.code()) : this.closed.reason(),
						(told != null) ? told.header("message") : null);
			}
			return found;
		}, () -> missing + within() + ". " + state());
	}

	private static RealtimeRefusedException refusal(String what, String reason, @Nullable String sentence) {
		return new RealtimeRefusedException(what, reason, sentence);
	}

	private String within() {
		return " within " + Durations.text(this.patience);
	}

	private String after() {
		return " after " + Durations.text(this.patience);
	}

}
