package dev.realtime.spring.compat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** Somebody with Spring's own STOMP client. */
final class StompUser extends StompSessionHandlerAdapter implements AutoCloseable {

	private final List<StompHeaders> errors = new CopyOnWriteArrayList<>();

	private volatile @Nullable StompHeaders connected;

	private volatile @Nullable StompSession session;

	private volatile boolean lost;

	static StompUser connect(int port, String name) {
		return connect(new StandardWebSocketClient(), "ws://localhost:" + port + "/ws", name);
	}

	/** With no name: nobody is logged in. */
	static StompUser connectAnonymously(int port) {
		return connect(new StandardWebSocketClient(), "ws://localhost:" + port + "/ws", null);
	}

	static StompUser connect(WebSocketClient sockets, String url, @Nullable String name) {
		WebSocketHttpHeaders handshake = new WebSocketHttpHeaders();
		handshake.set("X-Agent", "test");
		if (name != null) {
			handshake.setBasicAuth(name, ExistingSecurity.PASSWORD);
		}
		StompUser user = new StompUser();
		user.session = new WebSocketStompClient(sockets).connectAsync(URI.create(url), handshake, login(name), user)
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		return user;
	}

	/** The same again in the CONNECT frame, for endpoints that look there. */
	private static StompHeaders login(@Nullable String name) {
		StompHeaders connect = new StompHeaders();
		connect.set("X-Agent", "test");
		if (name != null) {
			connect.setLogin(name);
			connect.setPasscode(ExistingSecurity.PASSWORD);
		}
		return connect;
	}

	@Override
	public void afterConnected(StompSession session, StompHeaders connectedHeaders) {
		this.connected = connectedHeaders;
	}

	/** ERROR frames come here. */
	@Override
	public void handleFrame(StompHeaders headers, @Nullable Object payload) {
		this.errors.add(headers);
	}

	@Override
	public void handleTransportError(StompSession session, Throwable exception) {
		this.lost = true;
	}

	StompHeaders connectedHeaders() {
		return Objects.requireNonNull(this.connected);
	}

	StompSession session() {
		return Objects.requireNonNull(this.session);
	}

	/** Subscribes; use {@link #ready()} to know when it was handled. */
	Inbox subscribe(String destination) {
		Inbox inbox = new Inbox();
		session().subscribe(destination, inbox);
		return inbox;
	}

	/** Subscribes, and waits until that was handled. */
	Inbox subscribed(String destination) {
		Inbox inbox = subscribe(destination);
		ready();
		return inbox;
	}

	/**
	 * Waits until all earlier frames of this client were handled, as applications do that
	 * know no receipts: the server keeps their order.
	 */
	void ready() {
		Inbox answer = new Inbox();
		StompSession.Subscription subscription = session().subscribe("/app/ready", answer);
		answer.first();
		subscription.unsubscribe();
	}

	void send(String destination, String text) {
		session().send(destination, text.getBytes(StandardCharsets.UTF_8));
	}

	void send(StompHeaders headers, String text) {
		session().send(headers, text.getBytes(StandardCharsets.UTF_8));
	}

	/** The sentence of the ERROR frame that answers what was refused. */
	String awaitRefusal() {
		Awaitility.await("an ERROR frame").until(() -> !this.errors.isEmpty());
		return Objects.requireNonNullElse(this.errors.get(0).getFirst("message"), "");
	}

	boolean isLost() {
		return this.lost;
	}

	void disconnect() {
		if (session().isConnected()) {
			session().disconnect();
		}
	}

	@Override
	public void close() {
		disconnect();
	}

}
