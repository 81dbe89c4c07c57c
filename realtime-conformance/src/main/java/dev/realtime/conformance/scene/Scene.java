package dev.realtime.conformance.scene;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.realtime.conformance.driver.Driver;
import dev.realtime.conformance.driver.Event;
import dev.realtime.conformance.server.Server;
import dev.realtime.conformance.wire.Link;
import dev.realtime.conformance.wire.StompFrame;
import dev.realtime.conformance.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What one case has at hand: a client under test, the connection between it and the node,
 * and the node. Confined to the thread of the case.
 */
public final class Scene {

	private static final long POLL_NANOS = 2_000_000;

	/** A client that should stay away is watched for so long. */
	public static final Duration QUIET = Duration.ofMillis(2_500);

	private final String name;

	private final Server server;

	private final Wire wire;

	private final Driver driver;

	private final Duration patience;

	private final Level level;

	private final Situation situation;

	Scene(String name, Server server, Wire wire, Driver driver, Duration patience, Level level) {
		this.name = name;
		this.server = server;
		this.wire = wire;
		this.driver = driver;
		this.patience = patience;
		this.level = level;
		this.situation = new Situation(wire, driver);
	}

	public Server server() {
		return this.server;
	}

	public Wire wire() {
		return this.wire;
	}

	/** Returns the name of a topic of this case. */
	public String topic(String last) {
		return this.name + "." + last;
	}

	/** Returns the name of a user of this case. */
	public String user() {
		return this.name + "-ann";
	}

	/** Returns headers of a CONNECT with a token of the user. */
	public Map<String, String> token(String number) {
		return Map.of("Authorization", authorization(number));
	}

	/** Returns the value of the header with that token. */
	public String authorization(String number) {
		return "Bearer " + user() + "~" + number;
	}

	// Commands

	/** Sends a command to the driver. */
	public void command(String command, Object... membersAndValues) {
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("command", command);
		for (int i = 0; i < membersAndValues.length; i += 2) {
			line.put((String) membersAndValues[i], membersAndValues[i + 1]);
		}
		this.driver.send(line);
	}

	/**
	 * Lets the client connect without credentials, and waits until it says that it is.
	 */
	public Link connect() {
		return connect(Map.of());
	}

	/** Lets the client connect with these headers, and waits until it says that it is. */
	public Link connect(Map<String, String> headers) {
		command("connect", "url", this.wire.url(), "headers", headers);
		await("the event `connected`",
				() -> this.driver.events().stream().anyMatch((e) -> e.kind().equals("connected")));
		return link();
	}

	/** Lets the client subscribe to a topic of this case, and waits until it is live. */
	public void subscribe(String id, String last, Object... more) {
		subscribeTo(id, "/topic/" + topic(last), more);
	}

	/** Lets the client subscribe to a destination, and waits until it is live. */
	public void subscribeTo(String id, String destination, Object... more) {
		Object[] members = new Object[more.length + 4];
		members[0] = "id";
		members[1] = id;
		members[2] = "destination";
		members[3] = destination;
		System.arraycopy(more, 0, members, 4, more.length);
		command("subscribe", members);
		awaitLive(link(), destination);
	}

	/** Publishes texts on a topic of this case, as the application does. */
	public void publish(String last, String... texts) {
		this.server.publish(topic(last), texts);
	}

	// What the client does on the wire

	/** Returns the newest WebSocket. */
	public Link link() {
		List<Link> links = this.wire.links();
		if (links.isEmpty()) {
			throw failure("a WebSocket connection");
		}
		return links.get(links.size() - 1);
	}

	/** Waits until the client has sent CONNECT on a newer WebSocket. */
	public Link awaitReturn(Link before) {
		return awaitReturn(before, this.patience);
	}

	/** Waits until the client has sent CONNECT on a newer WebSocket. */
	public Link awaitReturn(Link before, Duration atMost) {
		await("a new connection with CONNECT", atMost, () -> link() != before && hasConnect(link()));
		return link();
	}

	/** Waits until the client's SUBSCRIBE is confirmed, and returns it. */
	public StompFrame awaitLive(Link link, String destination) {
		StompFrame subscribe = awaitSent(link, "SUBSCRIBE to " + destination,
				(frame) -> frame.command().equals("SUBSCRIBE") && frame.text("destination").equals(destination));
		String receipt = subscribe.header("receipt");
		if (receipt != null) {
			await("an answer to SUBSCRIBE", () -> isAnswered(link, receipt));
		}
		else if (destination.contains("*")) {
			throw new CaseSkipped("SUBSCRIBE to a pattern has no `receipt`, so it is not known when it is live");
		}
		else if (destination.startsWith("/topic/")) {
			await("a live subscription", () -> this.server.subscribers(destination.substring(7)) > 0);
		}
		return subscribe;
	}

	private static boolean isAnswered(Link link, String receipt) {
		return link.endedAt() != null
				|| link.delivered().stream().anyMatch((frame) -> receipt.equals(frame.header("receipt-id")));
	}

	/** Waits until the client has sent such a frame, and returns the last one. */
	public StompFrame awaitSent(Link link, String expected, Predicate<StompFrame> matches) {
		Supplier<@Nullable StompFrame> last = () -> link.sent()
			.stream()
			.filter(matches)
			.reduce((first, second) -> second)
			.orElse(null);
		await("a frame of the client: " + expected, () -> last.get() != null);
		StompFrame found = last.get();
		return (found != null) ? found : link.sent().get(0);
	}

	/** Returns the CONNECT frame of a connection. */
	public StompFrame connectFrame(Link link) {
		return awaitSent(link, "CONNECT or STOMP", Scene::isConnect);
	}

	private static boolean hasConnect(Link link) {
		return link.sent().stream().anyMatch(Scene::isConnect);
	}

	private static boolean isConnect(StompFrame frame) {
		return frame.command().equals("CONNECT") || frame.command().equals("STOMP");
	}

	/**
	 * Returns the message of a subscription that the client was given with this number.
	 * Waits for it, because a client may report a message before the link has noted it.
	 */
	public StompFrame delivered(Link link, int seq) {
		String expected = "a message with the number " + seq;
		Supplier<Optional<StompFrame>> first = () -> link.delivered()
			.stream()
			.filter((frame) -> frame.isMessage() && frame.text("seq").equals(Integer.toString(seq)))
			.findFirst();
		await(expected, () -> first.get().isPresent());
		return first.get().orElseThrow(() -> failure(expected));
	}

	/** Whether the client asks for control events. */
	public boolean asksForControlEvents(Link link) {
		return List.of("1", "true").contains(connectFrame(link).text("realtime"));
	}

	/** Skips the case for clients that did not ask for control events. */
	public void needsControlEvents(Link link) {
		if (!asksForControlEvents(link)) {
			throw new CaseSkipped("the client does not ask for control events (`realtime:1` in CONNECT)");
		}
	}

	/** Checks for a while that the client does not come back. */
	public void expectNoReturn(Link last) {
		int tries = this.wire.attempts().size();
		pause(QUIET);
		if (this.wire.attempts().size() > tries || link() != last) {
			throw failure("no new connection within " + QUIET.toMillis() + " ms");
		}
	}

	// What the driver reports

	/** Returns what was reported about a subscription. */
	public List<Event> events(String kind, String id) {
		return this.driver.events().stream().filter((event) -> event.is(kind, id)).toList();
	}

	/** Returns all events of a kind. */
	public List<Event> events(String kind) {
		return this.driver.events().stream().filter((event) -> event.kind().equals(kind)).toList();
	}

	/** Waits for an event of a subscription, and returns the first. */
	public Event awaitEvent(String kind, String id, String expected, Predicate<Event> matches) {
		return awaitEvent("`" + kind + "` of `" + id + "`" + expected,
				(event) -> event.is(kind, id) && matches.test(event));
	}

	/** Waits for an event that names a publication, and returns the first. */
	public Event awaitAnswer(String ref, String... kinds) {
		return awaitEvent("`" + String.join("` or `", kinds) + "` with the ref `" + ref + "`",
				(event) -> event.text("ref").equals(ref) && List.of(kinds).contains(event.kind()));
	}

	/** Waits for an event, and returns the first. */
	public Event awaitEvent(String expected, Predicate<Event> matches) {
		await("the event " + expected, () -> this.driver.events().stream().anyMatch(matches));
		return this.driver.events().stream().filter(matches).findFirst().orElseThrow(() -> failure(expected));
	}

	/** Waits for these messages on a subscription, and no others up to the last. */
	public List<Event> expectMessages(String id, String... texts) {
		String expected = "the messages " + Situation.shown(List.of(texts)) + " of `" + id
				+ "`, each once and in this order";
		await(expected, () -> events("message", id).size() >= texts.length);
		List<Event> messages = events("message", id);
		List<String> got = messages.stream().map((event) -> event.text("text")).toList();
		if (!got.equals(List.of(texts))) {
			throw new CaseFailure(expected, "there came " + Situation.shown(got) + ". " + this.situation.describe());
		}
		return messages;
	}

	// Time and failure

	/** Waits for something that the client should bring about. */
	public void await(String expected, BooleanSupplier condition) {
		await(expected, this.patience, condition);
	}

	/** Waits for something that the client should bring about. */
	public void await(String expected, Duration atMost, BooleanSupplier condition) {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (true) {
			// Read first: what the driver reported before it ended counts.
			boolean running = this.driver.isRunning();
			if (condition.getAsBoolean()) {
				return;
			}
			checkSupported();
			if (System.nanoTime() > deadline) {
				throw new CaseFailure(expected,
						"nothing of the kind within " + atMost.toMillis() + " ms. " + this.situation.describe());
			}
			if (!running) {
				throw new CaseFailure(expected, "the driver has ended. " + this.situation.describe());
			}
			LockSupport.parkNanos(POLL_NANOS);
		}
	}

	/** Lets time pass in which the client should not do something. */
	public void pause(Duration duration) {
		long until = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0; left = until - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	/** Fails if the condition is not met. */
	public void check(boolean condition, String expected) {
		if (!condition) {
			throw failure(expected);
		}
	}

	/** Makes a failure that says what there was instead. */
	public CaseFailure failure(String expected) {
		return new CaseFailure(expected, this.situation.describe());
	}

	private void checkSupported() {
		this.driver.events()
			.stream()
			.filter((event) -> event.kind().equals("unsupported"))
			.findFirst()
			.ifPresent((event) -> {
				String reason = "the driver says that it does not support `" + event.text("command") + "`";
				if (this.level == Level.OPTIONAL) {
					throw new CaseSkipped(reason);
				}
				throw new CaseFailure("support of `" + event.text("command") + "`", reason);
			});
	}

}
