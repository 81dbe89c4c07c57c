package dev.realtime.hub;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Loops;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A hub on a server's event loops: each serves the connections that live on it. */
class HubEventLoopTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final HubOptions OPTIONS = SmallHub.OPTIONS.toBuilder().queueMessages(1_000).build();

	private final List<ScheduledExecutorService> loops = IntStream.range(0, 2)
		.mapToObj((i) -> Executors.newSingleThreadScheduledExecutor((task) -> new Thread(task, "loop-" + i)))
		.toList();

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(OPTIONS, this.broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
			ConnectionListener.NONE, new Loops(), this.loops);

	HubEventLoopTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
		this.loops.forEach(ScheduledExecutorService::shutdownNow);
	}

	@Test
	void eachConnectionIsServedOnItsOwnLoop() {
		List<Socket> sockets = IntStream.range(0, 6)
			.mapToObj((i) -> subscribed("c" + i, this.loops.get(i % 2)))
			.toList();
		for (int i = 0; i < 50; i++) {
			this.broker.publish(Publication.of(ROOM, Content.text("m")), TopicPolicy.DEFAULT)
				.toCompletableFuture()
				.join();
		}
		for (int i = 0; i < 6; i++) {
			Socket socket = sockets.get(i);
			await().untilAsserted(() -> assertThat(socket.recorded.seqs()).hasSize(50));
			assertThat(socket.threads).containsOnly("loop-" + i % 2);
		}
	}

	@Test
	void aConnectionIsClosedOnItsOwnLoop() {
		Socket socket = subscribed("c", this.loops.get(1));
		this.hub.scheduleReconnect(connection("c"), Duration.ZERO);
		await().untilAsserted(() -> assertThat(socket.recorded.closed).isEqualTo(CloseReason.RESTART));
		assertThat(socket.threads).containsOnly("loop-1");
	}

	@Test
	void heartbeatsAreSentOnTheLoopToo() {
		Socket socket = new Socket();
		this.hub.connect("c", socket, this.loops.get(0)).introduce(null, false, Duration.ofSeconds(1), Duration.ZERO);
		await().untilAsserted(() -> assertThat(socket.recorded.frames).contains("\n"));
		assertThat(socket.threads).containsOnly("loop-0");
	}

	@Test
	void otherConnectionsAreServedByTheHubsOwnThreads() {
		Socket socket = new Socket();
		Connection connection = this.hub.connect("own", socket);
		connection.send(Frame.of(new byte[] { 'x' }));
		await().untilAsserted(() -> assertThat(socket.recorded.frames).containsExactly("x"));
		assertThat(socket.threads).containsOnly("realtime-shard-0");
	}

	@Test
	void aLoopThatTheHubDoesNotKnowIsRefused() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.hub.connect("c", new Socket(), Runnable::run));
		assertThat(this.hub.connection("c")).isNull();
	}

	@Test
	void closingTheHubLeavesTheLoopsRunning() {
		this.hub.close();
		assertThat(this.loops).noneMatch(ScheduledExecutorService::isShutdown);
	}

	private Socket subscribed(String id, ScheduledExecutorService loop) {
		Socket socket = new Socket();
		Connection connection = this.hub.connect(id, socket, loop);
		connection.subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		await().pollInterval(Duration.ofMillis(1)).until(() -> !socket.recorded.frames.isEmpty());
		return socket;
	}

	private Connection connection(String id) {
		return java.util.Objects.requireNonNull(this.hub.connection(id));
	}

	/** Remembers which threads touched it. */
	private static final class Socket implements Transport {

		final RecordingTransport recorded = new RecordingTransport();

		final Queue<String> threads = new ConcurrentLinkedQueue<>();

		@Override
		public void write(Batch batch, Completion done) {
			this.threads.add(Thread.currentThread().getName());
			this.recorded.write(batch, done);
		}

		@Override
		public int batchBytes() {
			return this.recorded.batchBytes();
		}

		@Override
		public void close(CloseReason reason) {
			this.threads.add(Thread.currentThread().getName());
			this.recorded.close(reason);
		}

	}

}
