package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Thousands come back at once and lack the same: it is read once. */
class RecoveryStormTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final HubOptions OPTIONS = HubOptions.DEFAULT;

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(OPTIONS, this.broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
			ConnectionListener.NONE);

	RecoveryStormTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void clientsThatLackTheSameRangeShareOneReadOfTheLog() {
		Position seen = publish(10);
		publish(100);
		List<RecordingTransport> clients = IntStream.range(0, 2_000).mapToObj((i) -> recovering(i, seen)).toList();
		List<Long> missed = LongStream.rangeClosed(11, 110).boxed().toList();
		await().untilAsserted(
				() -> assertThat(clients).allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(missed)));
		// One by the feed when it opens, and one for all of them.
		assertThat(this.broker.reads).hasValueLessThanOrEqualTo(2);
	}

	@Test
	void clientsThatComeLaterReadOnFromWhatWasRead() {
		Position seen = publish(10);
		publish(50);
		List<RecordingTransport> clients = new ArrayList<>(List.of(recovering(0, seen)));
		await().untilAsserted(() -> assertThat(clients.get(0).seqs()).hasSize(50));
		for (int i = 1; i <= 20; i++) {
			publish(5);
			RecordingTransport client = recovering(i, seen);
			clients.add(client);
			List<Long> all = LongStream.rangeClosed(11, 60 + 5L * i).boxed().toList();
			await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(all));
			assertThat(client.frames.get(0)).endsWith("RECOVERED " + all.size());
		}
	}

	private RecordingTransport recovering(int client, Position seen) {
		RecordingTransport transport = new RecordingTransport();
		Connection connection = this.hub.connect("c" + client, transport);
		connection.introduce(null, true, Duration.ZERO, Duration.ZERO);
		connection.subscribe(new SubscribeRequest("sub-0", ROOM, seen, 0, "r"));
		return transport;
	}

	/** Publishes so many messages; the position of the last. */
	private Position publish(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> this.broker.publish(Publication.of(ROOM, Content.text("m")), TopicPolicy.DEFAULT)
				.toCompletableFuture()
				.join()
				.position())
			.reduce((one, next) -> next)
			.orElseThrow();
	}

}
