package dev.realtime.test;

import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

/**
 * A STOMP client of the application that is tested, over its real endpoint: the port, the
 * context path and {@code realtime.endpoint} are those of the running application. A
 * {@link RealtimeTest} has one as parameter; {@link #of(ApplicationContext)} makes one of
 * any application that runs in this JVM.
 * <p>
 * It connects when it is first used, and asks for control events. Whatever it does it has
 * done when the call returns: a subscription is live, a SEND is answered. Each wait ends
 * after 10 s, or what {@link #withTimeout(Duration)} says. A refusal is a
 * {@link RealtimeRefusedException}. Methods that begin with {@code as} and {@code with}
 * return another client, which has its own connection and is closed along with this one.
 * One thread at a time may use a client.
 */
public final class RealtimeTestClient implements AutoCloseable {

	private static final Duration GOODBYE = Duration.ofSeconds(2);

	private final ClientSettings settings;

	private final OpenClients family;

	private final Monitor monitor = new Monitor();

	private final Map<String, TestSubscription> subscriptions = new ConcurrentHashMap<>();

	private final AtomicInteger ids = new AtomicInteger();

	/** Where it is connected to now. */
	private ApplicationContext application;

	private final AtomicReference<@Nullable TestConnection> connection = new AtomicReference<>();

	RealtimeTestClient(ClientSettings settings, OpenClients family) {
		this.settings = settings;
		this.family = family;
		this.application = settings.application();
	}

	/** Makes a client of an application that runs in this JVM; close it at the end. */
	public static RealtimeTestClient of(ApplicationContext application) {
		return new OpenClients().make(application);
	}

	/**
	 * Returns a client that is this user to the application, however its own logins work:
	 * no password, token or session is asked for. Rights are decided as ever.
	 * @param authorities Spring Security's, such as {@code ROLE_ADMIN}
	 */
	public RealtimeTestClient asUser(String name, String... authorities) {
		return as(TestUsers.named(name, authorities));
	}

	/** Returns a client that is this user, such as an {@code Authentication}. */
	public RealtimeTestClient as(Principal user) {
		return with(this.settings.as(user));
	}

	/** Returns a client with one more header in the HTTP request of its handshake. */
	public RealtimeTestClient withHandshakeHeader(String name, String value) {
		return with(this.settings.withHandshakeHeader(name, value));
	}

	/** Returns a client with one more cookie in the HTTP request of its handshake. */
	public RealtimeTestClient withCookie(String name, String value) {
		return with(this.settings.withCookie(name, value));
	}

	/** Returns a client with one more header in its CONNECT frame, or another value. */
	public RealtimeTestClient withConnectHeader(String name, String value) {
		return with(this.settings.withConnectHeader(name, value));
	}

	/** Returns a client that connects to another port, such as that of a proxy. */
	public RealtimeTestClient withPort(int port) {
		return with(this.settings.withPort(port));
	}

	/**
	 * Returns a client whose subscriptions wait so long at most for messages and events.
	 * For answers of the server calls wait 10 s at least.
	 */
	public RealtimeTestClient withTimeout(Duration timeout) {
		return with(this.settings.withPatience(timeout));
	}

	private RealtimeTestClient with(ClientSettings other) {
		return this.family.add(new RealtimeTestClient(other, this.family));
	}

	/**
	 * Connects, unless it is connected.
	 * @throws RealtimeRefusedException when the handshake or the CONNECT is refused
	 */
	public RealtimeTestClient connect() {
		TestConnection unused = connected();
		return this;
	}

	/** Whether it is connected. */
	public boolean isConnected() {
		TestConnection now = this.connection.get();
		return now != null && now.isOpen();
	}

	/** Returns the user's name as CONNECTED has it, or null. */
	public @Nullable String user() {
		return connected().connectedHeaders().get("user-name");
	}

	/**
	 * Subscribes, and returns when the subscription is live.
	 * @param topic the name of a topic, such as {@code room.42}, or a destination, which
	 * begins with a slash, such as {@code /user/queue/notices}
	 */
	public TestSubscription subscribe(String topic) {
		return subscribe(topic, Map.of());
	}

	/** Subscribes with further headers of the SUBSCRIBE. */
	public TestSubscription subscribe(String topic, Map<String, String> headers) {
		TestSubscription subscription = subscription(topic);
		subscription.begin(connected(), headers);
		return subscription;
	}

	/** Subscribes, and gets the last so many messages first. */
	public TestSubscription subscribeWithHistory(String topic, int messages) {
		return subscribe(topic, Map.of("rewind", String.valueOf(messages)));
	}

	/** Subscribes from a position, as a client that comes back. */
	public TestSubscription subscribeFrom(String topic, Position position) {
		TestSubscription subscription = subscription(topic);
		subscription.beginFrom(connected(), position);
		return subscription;
	}

	private TestSubscription subscription(String topic) {
		String id = "sub-" + this.ids.getAndIncrement();
		TestSubscription subscription = new TestSubscription(this, this.monitor, id, destination(topic));
		this.subscriptions.put(id, subscription);
		return subscription;
	}

	/** Observes who joins and leaves a topic whose policy has presence. */
	public TestPresence presence(String topic) {
		return new TestPresence(subscribe("/topic/_presence." + topic), this.application, topic);
	}

	/**
	 * Sends, and returns when the server has answered: a method behind {@code /app} was
	 * called, a message to a topic is stored.
	 * @param destination such as {@code /app/chat}; a topic's name stands for its
	 * destination
	 * @param payload text, bytes, or what the application's message converter converts
	 */
	public Receipt send(String destination, Object payload) {
		return send(destination, payload, Map.of());
	}

	/** Sends with further headers; a {@code content-type} among them counts. */
	public Receipt send(String destination, Object payload, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("destination", destination(destination));
		byte[] body = payloads().write(payload, all);
		all.putAll(headers);
		TestConnection now = connected();
		return new Receipt(now.ask("SEND", all, body, now.nextReceipt()).headers());
	}

	/** Waits for an event that concerns the connection, and returns its headers. */
	public Map<String, String> awaitEvent(String event) {
		return connected().awaitEvent(event).headers();
	}

	/**
	 * Stops reading from the socket, as a client that hangs. The buffers of the socket
	 * are full when this returns: what is sent to the client from now on waits in the
	 * queue that the server has for the connection, until that overflows. Until
	 * {@link #resumeReading()} the client can do nothing but {@link #cut()},
	 * {@link #awaitClosed()} and {@link #reconnect()}. The server closes the connection
	 * after {@code realtime.limits.write-timeout}.
	 */
	public void stopReading() {
		connected().stopReading();
	}

	/**
	 * Reads what has come since {@link #stopReading()}, and reads on. What was published
	 * before this call on the topics that the client is subscribed to has met the full
	 * queue; this does not hold for wildcard subscriptions, and for messages that a
	 * topic's rate holds back.
	 */
	public void resumeReading() {
		last().resumeReading();
	}

	/**
	 * Waits until the server has closed the connection. A client that does not read reads
	 * on then.
	 */
	public ClosedConnection awaitClosed() {
		return last().awaitClosed();
	}

	/** Sends DISCONNECT and waits until the connection is closed. */
	public ClosedConnection disconnect() {
		return this.family.ending(last()).disconnect();
	}

	/** Cuts the connection without a close frame, as a lost network does. */
	public void cut() {
		this.family.ending(last()).cut();
	}

	/** Connects again, and continues all subscriptions from their positions. */
	public void reconnect() {
		reconnectTo(this.application);
	}

	/** Does the same on another node of the fleet, which runs in this JVM. */
	public void reconnectTo(ApplicationContext node) {
		TestConnection before = this.connection.get();
		if (before != null && before.isOpen()) {
			this.family.ending(before).cut();
		}
		boolean same = node == this.settings.application();
		this.application = node;
		TestConnection next = TestConnection.open(same ? this.settings : this.settings.withApplication(node),
				this.family.nextMark(), this.monitor, this.subscriptions);
		this.connection.set(next);
		this.subscriptions.values().forEach((each) -> each.again(next));
	}

	/**
	 * Ends the connection, and those of the clients that were made of this one. When this
	 * returns the application has nothing of them any more: no sessions, no users in its
	 * {@code SimpUserRegistry}, and no members on topics, except for
	 * {@code realtime.presence.grace}.
	 * @throws AssertionError if it still has after 10 s
	 */
	@Override
	public void close() {
		this.family.close(this);
	}

	/** Where it is connected to now. */
	ApplicationContext application() {
		return this.application;
	}

	/** Says goodbye. */
	void leave() {
		TestConnection now = this.connection.getAndSet(null);
		if (now != null && now.isOpen()) {
			try {
				if (now.isStopped()) {
					now.cut();
					return;
				}
				now.leave(GOODBYE);
			}
			catch (AssertionError | RuntimeException ex) {
				now.cut();
			}
		}
	}

	Duration patience() {
		return this.settings.patience();
	}

	ReceivedMessage message(ServerFrame frame) {
		return new ReceivedMessage(frame, payloads());
	}

	Position head(Topic topic) {
		return ServerSide.head(this.application, topic, patience());
	}

	void unsubscribe(TestSubscription subscription, String id) {
		if (this.subscriptions.remove(id, subscription) && isConnected()) {
			TestConnection now = connected();
			ServerFrame unused = now.ask("UNSUBSCRIBE", Map.of("id", id), new byte[0], now.nextReceipt());
		}
	}

	/** How the connection is; with the lock held. */
	String state() {
		TestConnection now = this.connection.get();
		return (now != null) ? now.state() : "The client is closed.";
	}

	private TestConnection connected() {
		TestConnection now = this.connection.get();
		if (now == null) {
			now = TestConnection.open(this.settings, this.family.nextMark(), this.monitor, this.subscriptions);
			this.connection.set(now);
		}
		return now;
	}

	private TestConnection last() {
		TestConnection now = this.connection.get();
		if (now == null) {
			throw new IllegalStateException("The client has not been connected yet");
		}
		return now;
	}

	private Payloads payloads() {
		return new Payloads(this.application);
	}

	private static String destination(String topic) {
		return topic.startsWith("/") ? topic : "/topic/" + topic;
	}

}
