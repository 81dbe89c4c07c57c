package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Waiting;
import dev.realtime.delivery.Frame;
import dev.realtime.node.RealtimeNode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.socket.WebSocketSession;

/**
 * What the application has of one connection of a client. The connection is found by a
 * header of its handshake.
 */
final class ServerSide {

	/** A header whose value is different for each connection. */
	static final String HEADER = "realtime-test-connection";

	private static final Duration POLL = Duration.ofMillis(1);

	/** Bytes and number of the frames that fill a socket. */
	private static final int BLANK_BYTES = 8_192;

	private static final int MOST_BLANKS = 16_384;

	/** A socket that takes nothing while it is looked at so often is full. */
	private static final int LOOKS = 50;

	private static final long FIRST_PAUSE_NANOS = 50_000;

	private static final long LONGEST_PAUSE_NANOS = 10_000_000;

	private final ApplicationContext application;

	private final RealtimeNode node;

	private final Connection connection;

	private ServerSide(ApplicationContext application, RealtimeNode node, Connection connection) {
		this.application = application;
		this.node = node;
		this.connection = connection;
	}

	/** Returns the connection with this value of the header, or null. */
	static @Nullable ServerSide find(ApplicationContext application, String mark) {
		return findAll(application, mark::equals).stream().findFirst().orElse(null);
	}

	/** Returns the connections whose value of the header matches. */
	static List<ServerSide> findAll(ApplicationContext application, Predicate<String> marked) {
		RealtimeNode node = runningNode(application);
		if (node == null) {
			return List.of();
		}
		return node.hub()
			.connections()
			.stream()
			.filter((each) -> isMarked(each, marked))
			.map((each) -> new ServerSide(application, node, each))
			.toList();
	}

	private static boolean isMarked(Connection connection, Predicate<String> marked) {
		String mark = (connection.owner() instanceof WebSocketSession session)
				? session.getHandshakeHeaders().getFirst(HEADER) : null;
		return mark != null && marked.test(mark);
	}

	private static @Nullable RealtimeNode runningNode(ApplicationContext application) {
		if (application instanceof ConfigurableApplicationContext context && !context.isActive()) {
			return null;
		}
		RealtimeNode node = application.getBeanProvider(RealtimeNode.class).getIfAvailable();
		return (node != null && node.isOpen()) ? node : null;
	}

	ApplicationContext application() {
		return this.application;
	}

	Connection connection() {
		return this.connection;
	}

	/** Whether the application has ended. */
	boolean isEnded() {
		return runningNode(this.application) == null;
	}

	/** Whether the node has the connection no more. */
	boolean isGone() {
		return isEnded() || this.node.hub().connection(this.connection.id()) != this.connection;
	}

	/** Waits until the node has closed the connection. */
	void awaitGone(Duration patience) {
		Awaitility.await("The application has closed the connection of a client that does not read")
			.atMost(patience)
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL)
			.until(this::isGone);
	}

	/**
	 * Fills the buffers of the socket, whose client does not read, with blank lines, as
	 * heartbeats are. What the node sends afterwards waits in the connection's queue.
	 */
	void fillSocket(Duration patience) {
		Frame blank = Frame.of("\n".repeat(BLANK_BYTES).getBytes(StandardCharsets.US_ASCII));
		for (int i = 0; i < MOST_BLANKS; i++) {
			if (!isTaken(patience)) {
				return;
			}
			if (this.connection.isGone()) {
				throw new IllegalStateException("The connection was closed while its socket was filled");
			}
			this.connection.send(blank);
		}
		throw new IllegalStateException("The socket takes everything although its client does not read");
	}

	/** Whether the socket takes all that waits. */
	private boolean isTaken(Duration patience) {
		for (int look = 0; look < LOOKS; look++) {
			if (waiting(patience).frames() == 0) {
				return true;
			}
			LockSupport.parkNanos(Math.min(FIRST_PAUSE_NANOS << Math.min(look, 8), LONGEST_PAUSE_NANOS));
		}
		return false;
	}

	/**
	 * Waits until the connection's queue has been offered what the topic has now, if the
	 * node follows the topic.
	 */
	void awaitOffered(Topic topic, Duration patience) {
		Position head = head(this.application, topic, patience);
		Awaitility.await("The node has delivered " + topic + " up to " + head)
			.atMost(patience)
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL)
			.until(() -> isGone() || hasReached(this.node.hub().position(topic), head));
		if (!isGone()) {
			Waiting unused = waiting(patience);
		}
	}

	/** Returns where the topic stands; nothing begins by asking. */
	static Position head(ApplicationContext application, Topic topic, Duration patience) {
		return application.getBean(Broker.class)
			.log()
			.peek(List.of(topic))
			.toCompletableFuture()
			.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
			.join()
			.get(0);
	}

	private static boolean hasReached(@Nullable Position here, Position head) {
		return here == null || !here.sameEpoch(head) || here.seq() >= head.seq();
	}

	/** Returns what waits in the connection's queue, behind what it was given before. */
	private Waiting waiting(Duration patience) {
		CompletableFuture<Waiting> counted = new CompletableFuture<>();
		this.connection.countWaiting(counted::complete);
		return counted.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
	}

}
