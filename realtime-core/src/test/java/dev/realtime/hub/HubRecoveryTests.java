package dev.realtime.hub;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Position;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How subscriptions go on from a position, while messages are published. */
class HubRecoveryTests extends HubFixture<UnreliableBroker> {

	private static final HubOptions TWO_SHARDS = SmallHub.OPTIONS.toBuilder().shards(2).build();

	HubRecoveryTests() {
		super(new UnreliableBroker(), TWO_SHARDS, new PlainEncoder());
	}

	@Test
	void rule4_everythingAfterTheNamedPositionFollowsAndThenLiveMessages() {
		Position tenth = publish(10);
		publish(120);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, tenth, 0, "r"));
		await()
			.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(11, 130).boxed().toList()));
		assertThat(client.frames.get(0)).isEqualTo("receipt r 130 RECOVERED 120");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(131L));
	}

	@RepeatedTest(20)
	void rule4_recoveryWhileMessagesArePublishedIsExact() throws Exception {
		Position first = publish(1);
		AtomicBoolean stop = new AtomicBoolean();
		ExecutorService publisher = Executors.newSingleThreadExecutor();
		Future<Integer> published = publisher.submit(() -> {
			int count = 1;
			while (!stop.get()) {
				publish(1);
				count++;
				LockSupport.parkNanos(200_000);
			}
			return count;
		});
		await().until(() -> this.broker.sequence().current(ROOM).toCompletableFuture().join().seq() > 300);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().until(() -> client.seqs().size() > 400);
		stop.set(true);
		long all = published.get(5, TimeUnit.SECONDS);
		publisher.shutdown();
		await()
			.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(2, all).boxed().toList()));
	}

	@Test
	void rule4_aPositionOfAnotherEpochIsNotRecovered() {
		publish(3);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, new Position("OTHER", 2), 0, "r"));
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt r 3 EPOCH_CHANGED 0"));
	}

	@Test
	void rule4_aNumberThatWasNeverGivenIsNotRecovered() {
		Position third = publish(3);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, third.withSeq(99), 0, "r"));
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt r 3 EPOCH_CHANGED 0"));
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(4L));
	}

	@Test
	void rule4_whatIsNoLongerKeptIsNotRecovered() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(5, Duration.ofHours(1)).build());
		Position first = publish(1);
		publish(500);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt r 501 EXPIRED 0"));
	}

	@Test
	void rule4_moreThanOneRecoveryMayReplayIsNotRecovered() {
		Position first = publish(1);
		publish(5_001);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt r 5002 TOO_MANY 0"));
	}

	@Test
	void rule4_aReplayLargerThanTheQueueWaitsForItsReaderAndLosesNothing() {
		Position first = publish(1);
		publish(1_000);
		RecordingTransport client = connected("a");
		client.stopReading();
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		publish(200);
		await().until(() -> !client.frames.isEmpty());
		client.readAgain();
		await().untilAsserted(
				() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(2, 1_201).boxed().toList()));
		assertThat(client.closed).isNull();
	}

	@Test
	void rewindReplaysTheLatestMessages() {
		publish(30);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 7, "r"));
		await()
			.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(24, 30).boxed().toList()));
		assertThat(client.frames.get(0)).isEqualTo("receipt r 30 NOT_ASKED 7");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(31L));
	}

}
