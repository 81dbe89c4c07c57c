package dev.realtime.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of a {@link RealtimeTestClient}. It is live when
 * {@link RealtimeTestClient#subscribe(String)} returns it: nothing that is published then
 * is missed. It outlives the connection, and continues from its position after
 * {@link RealtimeTestClient#reconnect()}.
 * <p>
 * {@code await…} methods return messages in their order, each one once: a call goes on
 * behind what the calls before it have returned. They throw an {@link AssertionError},
 * which shows everything that came, when the client's patience ends. AssertJ's
 * {@code assertThat(subscription)} has what can be said about all messages.
 */
public final class TestSubscription implements AssertProvider<SubscriptionAssert> {

	private final RealtimeTestClient client;

	private final Monitor monitor;

	private final String id;

	private final String destination;

	private final Arrivals arrivals = new Arrivals();

	private @Nullable String receipt;

	private @Nullable String topic;

	private @Nullable Recovery recovery;

	/** Of the last SUBSCRIBE; guarded by the monitor, as all that is not final. */
	private boolean ended;

	TestSubscription(RealtimeTestClient client, Monitor monitor, String id, String destination) {
		this.client = client;
		this.monitor = monitor;
		this.id = id;
		this.destination = destination;
	}

	/** Returns where it was subscribed to, such as {@code /topic/room.42}. */
	public String destination() {
		return this.destination;
	}

	/** Returns all messages that have come, those of earlier connections too. */
	public List<ReceivedMessage> messages() {
		return this.monitor.read(this.arrivals::messages);
	}

	/** Returns all gaps that were announced. */
	public List<MissedRange> gaps() {
		return this.monitor.read(this.arrivals::gaps);
	}

	/** Returns how far it has come; null for a wildcard subscription. */
	public @Nullable Position position() {
		return this.monitor.read(this.arrivals::position);
	}

	/** Returns what the server said at the last reconnect; null before the first. */
	public @Nullable Recovery recovery() {
		return this.monitor.read(() -> this.recovery);
	}

	/** Waits for the next message. */
	public ReceivedMessage awaitMessage() {
		return await("No further message", (message) -> true);
	}

	/** Waits for the next message that matches, and passes over those before it. */
	public ReceivedMessage awaitMessage(Predicate<? super ReceivedMessage> wanted) {
		return await("No message that matches", wanted);
	}

	/** Waits for the next so many messages. */
	public List<ReceivedMessage> awaitMessages(int count) {
		return this.monitor.await(this.client.patience(), () -> this.arrivals.next(count),
				() -> failure("Fewer than " + count + " further messages"));
	}

	/** Waits for the first gap. */
	public MissedRange awaitGap() {
		return this.monitor.await(this.client.patience(), () -> this.arrivals.gaps().stream().findFirst().orElse(null),
				() -> failure("No gap"));
	}

	/** Waits for the first signal, such as that a user types, and returns its headers. */
	public Map<String, String> awaitSignal() {
		return awaitEvent("signal").headers();
	}

	/**
	 * Waits until the application ends it, as when the user may not read the topic any
	 * more.
	 * @return the reason, such as {@code revoked}
	 */
	public String awaitEnd() {
		return awaitEvent("denied").required("reason");
	}

	/** Fails if there is a message that was not awaited; see the other method. */
	public void expectNoMessage() {
		expectNoMessage((message) -> true);
	}

	/**
	 * Fails if a message that matches was published before this call, and was not
	 * awaited. It does not wait for time to pass, but until the subscription has come as
	 * far as the topic: everything that has its number by now has arrived then.
	 */
	public void expectNoMessage(Predicate<? super ReceivedMessage> unwanted) {
		Position head = this.client.head(topic());
		this.monitor.await(this.client.patience(), () -> {
			List<ReceivedMessage> unexpected = this.arrivals.unexpected(unwanted);
			if (!unexpected.isEmpty()) {
				throw new AssertionError("Expected no message on " + this.destination + ", but received " + unexpected
						+ ". " + this.arrivals.describe());
			}
			return hasReached(head) ? this : null;
		}, () -> failure("The topic is at " + head + ", but the subscription has not reached it"));
	}

	/** Ends it; it is not subscribed to again when the client reconnects. */
	public void unsubscribe() {
		this.client.unsubscribe(this, this.id);
		this.monitor.change(() -> this.ended = true);
	}

	/** For AssertJ's {@code assertThat(subscription)}. */
	@Override
	public SubscriptionAssert assertThat() {
		return new SubscriptionAssert(this);
	}

	/** Subscribes and waits until it is live. */
	void begin(TestConnection connection, Map<String, String> where) {
		Map<String, String> headers = new LinkedHashMap<>(where);
		headers.put("id", this.id);
		headers.put("destination", this.destination);
		String next = connection.nextReceipt();
		this.monitor.change(() -> this.receipt = next);
		ServerFrame unused = connection.ask("SUBSCRIBE", headers, new byte[0], next);
	}

	void beginFrom(TestConnection connection, Position from) {
		this.monitor.change(() -> this.arrivals.comeFrom(from));
		begin(connection, at(from));
	}

	/** Continues in another connection. */
	void again(TestConnection connection) {
		Position from = position();
		Map<String, Position> positions = this.monitor.read(() -> Map.copyOf(this.arrivals.positions()));
		if (from != null) {
			begin(connection, at(from));
		}
		else if (!positions.isEmpty()) {
			begin(connection,
					Map.of("positions",
							positions.entrySet()
								.stream()
								.map((each) -> encoded(each.getKey()) + '=' + each.getValue())
								.collect(Collectors.joining(","))));
		}
		else {
			begin(connection, Map.of());
		}
	}

	void onMessage(ServerFrame frame) {
		this.arrivals.add(this.client.message(frame), isWildcard());
	}

	void onEvent(ServerFrame frame) {
		if ("gap".equals(frame.header("event"))) {
			this.arrivals.add(new MissedRange(frame.headers()), isWildcard());
		}
		else {
			this.arrivals.add(frame);
		}
	}

	void onReceipt(String id, ServerFrame frame) {
		if (id.equals(this.receipt)) {
			this.receipt = null;
			this.topic = frame.header("topic");
			this.recovery = Recovery.of(frame);
			this.arrivals.begin(frame);
		}
	}

	private ReceivedMessage await(String missing, Predicate<? super ReceivedMessage> wanted) {
		return this.monitor.await(this.client.patience(), () -> this.arrivals.next(wanted), () -> failure(missing));
	}

	private ServerFrame awaitEvent(String event) {
		return this.monitor.await(this.client.patience(), () -> this.arrivals.event(event),
				() -> failure("No event " + event));
	}

	private Topic topic() {
		Topic followed = followed();
		if (followed == null) {
			throw new IllegalStateException(this.destination + " has no position, so the absence of messages "
					+ "cannot be checked: subscribe to one topic");
		}
		return followed;
	}

	/** Returns the topic that it follows, or null for a wildcard. */
	@Nullable Topic followed() {
		String name = this.monitor.read(() -> this.topic);
		return (name != null) ? Topic.of(name) : null;
	}

	private boolean hasReached(Position head) {
		Position here = this.arrivals.position();
		return head.seq() == 0 || (here != null && here.sameEpoch(head) && here.seq() >= head.seq());
	}

	/** With the lock held. */
	private String failure(String missing) {
		String ending = this.ended ? " It was unsubscribed." : "";
		return missing + " on " + this.destination + " within " + Durations.text(this.client.patience()) + ". "
				+ this.arrivals.describe() + this.client.state() + ending;
	}

	private boolean isWildcard() {
		return this.destination.contains("*");
	}

	private static Map<String, String> at(Position position) {
		return Map.of("epoch", position.epoch(), "last-seq", String.valueOf(position.seq()));
	}

	private static String encoded(String destination) {
		return destination.replace("%", "%25").replace(",", "%2C").replace("=", "%3D");
	}

	@Override
	public String toString() {
		return this.monitor.read(() -> this.destination + ". " + this.arrivals.describe());
	}

}
