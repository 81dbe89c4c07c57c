package dev.realtime.hub;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.SmallHub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Signals pass by all order and storing, and make nobody wait. */
class HubSignalTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final HubOptions OPTIONS = SmallHub.OPTIONS.toBuilder().shards(2).queueMessages(20).build();

	private final UnreliableBroker broker = new UnreliableBroker();

	private final PlainEncoder encoder = new PlainEncoder();

	private final Hub hub = new Hub(OPTIONS, this.broker, this.encoder, (topic) -> TopicPolicy.DEFAULT,
			ConnectionListener.NONE);

	HubSignalTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void areToldToAllWhoAskedForControlEventsAndEncodedOnceForEachSubscriptionId() {
		List<RecordingTransport> clients = IntStream.range(0, 50).mapToObj((i) -> subscribed("c" + i, true)).toList();
		RecordingTransport plain = subscribed("plain", false);
		signal("typing", null);
		for (RecordingTransport client : clients) {
			await().untilAsserted(() -> assertThat(signals(client)).containsExactly("signal sub-0 typing"));
		}
		await().untilAsserted(() -> assertThat(this.hub.stats().signals()).isEqualTo(50));
		// Both shards may encode the same frame in a race.
		assertThat(this.encoder.signalsEncoded.get()).isBetween(1, 2);
		assertThat(signals(plain)).isEmpty();
	}

	@Test
	void areNotToldToTheConnectionThatSentThem() {
		RecordingTransport ann = subscribed("ann", true);
		RecordingTransport bob = subscribed("bob", true);
		signal("typing", "ann");
		signal("last", null);
		await()
			.untilAsserted(() -> assertThat(signals(bob)).containsExactly("signal sub-0 typing", "signal sub-0 last"));
		await().untilAsserted(() -> assertThat(signals(ann)).containsExactly("signal sub-0 last"));
	}

	@Test
	void rule5_areDroppedForAConnectionWhoseQueueIsHalfFullAndForNobodyElse() {
		RecordingTransport slow = subscribed("slow", true);
		RecordingTransport quick = subscribed("quick", true);
		slow.stopReading();
		for (int i = 0; i < 100; i++) {
			signal("s" + i, null);
			// The other's queue is as small: it is given what it takes, and must get all.
			int told = i + 1;
			await().pollInterval(Duration.ofMillis(1)).until(() -> signals(quick).size() == told);
		}
		await().untilAsserted(() -> assertThat(this.hub.stats().signalsDropped()).isGreaterThanOrEqualTo(90));
		assertThat(slow.closed).isNull();
		// The other half is for messages.
		publish(5);
		slow.readAgain();
		await().untilAsserted(() -> assertThat(slow.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L));
		assertThat(signals(slow)).hasSizeLessThanOrEqualTo(10);
	}

	@RepeatedTest(20)
	void rule3_messagesAmongSignalsComeInOrderOnce() {
		this.broker.lost = (message) -> message.seq() % 3 == 0;
		this.broker.repeated = (message) -> message.seq() % 5 == 0;
		RecordingTransport client = subscribed("a", true);
		for (int i = 0; i < 50; i++) {
			signal("typing", null);
			publish(1);
		}
		await().untilAsserted(() -> assertThat(client.seqs())
			.isEqualTo(java.util.stream.LongStream.rangeClosed(1, 50).boxed().toList()));
		assertThat(this.broker.log().heads(List.of(ROOM)).toCompletableFuture().join().get(0).seq()).isEqualTo(50);
	}

	@Test
	void neverComeBeforeTheSubscriptionIsLive() {
		RecordingTransport transport = new RecordingTransport();
		Connection connection = this.hub.connect("early", transport);
		connection.introduce("early", true, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r1"));
		for (int i = 0; i < 100; i++) {
			signal("typing", null);
		}
		await().until(() -> transport.frames.stream().anyMatch((frame) -> frame.startsWith("receipt ")));
		assertThat(transport.frames.get(0)).startsWith("receipt ");
	}

	@Test
	void countTheSubscribersOfThisNode() {
		subscribed("a", true);
		subscribed("b", false);
		assertThat(this.hub.subscribers(ROOM)).isEqualTo(2);
		assertThat(this.hub.subscribers(Topic.of("room.43"))).isZero();
	}

	private RecordingTransport subscribed(String id, boolean controlEvents) {
		RecordingTransport transport = new RecordingTransport();
		Connection connection = this.hub.connect(id, transport);
		connection.introduce(id, controlEvents, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r"));
		await().until(() -> transport.frames.stream().anyMatch((frame) -> frame.startsWith("receipt ")));
		return transport;
	}

	private void signal(String type, @Nullable String excludedSession) {
		this.broker.signal(new Signal(ROOM, type, null, null, excludedSession)).toCompletableFuture().join();
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.broker.publish(Publication.of(ROOM, Content.text("m")), TopicPolicy.DEFAULT)
				.toCompletableFuture()
				.join();
		}
	}

	private static List<String> signals(RecordingTransport client) {
		return client.frames.stream().filter((frame) -> frame.startsWith("signal ")).toList();
	}

}
