package dev.realtime.hub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.delivery.DeliveryBounds;
import dev.realtime.delivery.Frame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Recovery and repair go on when they can, and say so when they cannot. */
class RecoveryProgressTests extends HubFixture<UnreliableBroker> {

	private static final Topic BUSY = Topic.of("busy");

	RecoveryProgressTests() {
		super(new UnreliableBroker(), OPTIONS, new PlainEncoder());
	}

	@Test
	void rule4_aRecoveryGoesOnWhenAnotherSubscriptionMakesRoomByEnding() throws Exception {
		Position first = publish(1);
		publish(9);
		RecordingTransport client = subscribed("a", BUSY, true);
		subscribed("other");
		Hold first60 = hold();
		publish(BUSY, 60);
		connection("a").subscribe(new SubscribeRequest("room", ROOM, first, 0, null));
		Hold beforeThePage = hold();
		first60.release().countDown();
		beforeThePage.held().await();
		// The page has come, and waits while 60 messages take more than half of the
		// queue.
		connection("a").unsubscribe("sub-0");
		beforeThePage.release().countDown();
		publish(5);
		await().untilAsserted(
				() -> assertThat(of(client, "room")).isEqualTo(LongStream.rangeClosed(2, 15).boxed().toList()));
		assertThat(client.closed).isNull();
	}

	@Test
	void rule4_aRecoveryGoesOnWhenWhatWaitedTurnsOutToBeNothing() {
		// A client without control events: of a message that was dropped it gets nothing.
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(10, 1 << 20, Overflow.DROP_OLDEST).build());
		Position first = publish(1);
		publish(9);
		RecordingTransport client = subscribed("a", BUSY, false);
		for (int i = 1; i < 60; i++) {
			connection("a").subscribe(new SubscribeRequest("sub-" + i, BUSY, null, 0, null));
		}
		subscribed("other");
		client.stopReading();
		connection("a").send(Frame.of("x".repeat(70_000).getBytes(StandardCharsets.UTF_8)));
		await().until(() -> client.frames.size() == 2);
		connection("a").subscribe(new SubscribeRequest("room", ROOM, first, 0, null));
		publish(BUSY, 1);
		await().untilAsserted(() -> assertThat(this.hub.stats().dropped()).isEqualTo(60));
		client.readAgain();
		publish(5);
		await().untilAsserted(
				() -> assertThat(of(client, "room")).isEqualTo(LongStream.rangeClosed(2, 15).boxed().toList()));
	}

	@Test
	void rule4_aClientThatCannotBeToldOfAGapInItsRecoveryIsClosedToComeBack() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(1_000, Duration.ofHours(1)).build());
		Position first = publish(1);
		publish(999);
		RecordingTransport client = connected("plain", false);
		client.stopReading();
		connection("plain").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().until(() -> !client.frames.isEmpty());
		assertThat(client.others().get(0)).contains("RECOVERED");
		publish(2_000);
		client.readAgain();
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.OVERFLOW));
		List<Long> seqs = client.seqs();
		assertThat(seqs).isEqualTo(LongStream.range(2, 2 + seqs.size()).boxed().toList());
	}

	@Test
	void rule4_aClientThatUnderstandsGapsIsToldAndGoesOn() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(1_000, Duration.ofHours(1)).build());
		Position first = publish(1);
		publish(999);
		RecordingTransport client = connected("a");
		client.stopReading();
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().until(() -> !client.frames.isEmpty());
		publish(2_000);
		client.readAgain();
		await().until(() -> client.others().size() == 2);
		long before = client.seqs().size();
		assertThat(client.others().get(1)).isEqualTo("gap sub-0 " + (before + 2) + " 3000 expired");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(3_001L));
		assertThat(client.closed).isNull();
	}

	@Test
	void rule3_whatWasDroppedBehindAHoleIsReadWhenTheMissingMessageComes() {
		RecordingTransport client = subscribed("a");
		publish(4);
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(4));
		this.broker.settled = 4;
		this.broker.late = (message) -> message.seq() == 5;
		publish(300);
		int reads = this.broker.reads.get();
		await().until(() -> this.broker.reads.get() > reads);
		this.broker.settled = Long.MAX_VALUE;
		this.broker.releaseReversed();
		await()
			.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(1, 304).boxed().toList()));
	}

	@Test
	void rule3_whatWasDroppedIsReadThoughEverythingHeldWasDelivered() {
		RecordingTransport client = subscribed("a");
		publish(4);
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(4));
		this.broker.settled = 4;
		this.broker.late = (message) -> message.seq() == 5 || message.seq() == 262;
		publish(300);
		// 6 to 261 are held, what follows is dropped.
		this.broker.settled = 261;
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(261));
		this.broker.settled = Long.MAX_VALUE;
		this.broker.releaseReversed();
		await()
			.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(1, 304).boxed().toList()));
	}

	@Test
	void rule3_aGapLeavesOutWhatARecoveryHasBroughtAlready() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(1_000, Duration.ofHours(1)).build());
		RecordingTransport live = subscribed("live");
		this.broker.lost = (message) -> true;
		Position first = publish(1);
		publish(9);
		RecordingTransport ahead = connected("ahead");
		connection("ahead").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		await().untilAsserted(() -> assertThat(ahead.seqs()).endsWith(10L));
		publish(1_990);
		this.hub.onReconnected();
		await().untilAsserted(() -> assertThat(ahead.seqs()).endsWith(2_000L));
		await().untilAsserted(() -> assertThat(live.seqs()).endsWith(2_000L));
		assertThat(live.others()).endsWith("gap sub-0 1 1000 expired");
		assertThat(ahead.others()).endsWith("gap sub-0 11 1000 expired");
	}

	@Test
	void rule3_aGapThatARecoveryIsBeyondIsNotAnnounced() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(5, Duration.ofHours(1)).build());
		RecordingTransport live = subscribed("live");
		this.broker.lost = (message) -> true;
		Position fifth = publish(5);
		publish(5);
		RecordingTransport ahead = connected("ahead");
		connection("ahead").subscribe(new SubscribeRequest("sub-0", ROOM, fifth, 0, "r"));
		await().untilAsserted(() -> assertThat(ahead.seqs()).endsWith(10L));
		this.hub.onReconnected();
		await().untilAsserted(() -> assertThat(live.seqs()).endsWith(10L));
		this.broker.lost = (message) -> false;
		publish(1);
		await().untilAsserted(() -> assertThat(ahead.seqs()).containsExactly(6L, 7L, 8L, 9L, 10L, 11L));
		assertThat(live.others()).endsWith("gap sub-0 1 5 expired");
		assertThat(ahead.others()).noneMatch((frame) -> frame.startsWith("gap"));
	}

	@Test
	void rule5_aLiveMessageIsWrittenBeforeWhatManyClientsRecover() throws Exception {
		Position first = publish(1);
		publish(29);
		subscribed("other");
		RecordingTransport live = subscribed("live", BUSY, true);
		List<RecordingTransport> recovering = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			recovering.add(connected("recovering-" + i));
		}
		AtomicInteger before = new AtomicInteger(-1);
		live.onWrite = () -> before.compareAndSet(-1,
				(int) recovering.stream().filter((client) -> !client.messages().isEmpty()).count());
		Hold subscribing = hold();
		for (int i = 0; i < 64; i++) {
			connection("recovering-" + i).subscribe(new SubscribeRequest("room", ROOM, first, 0, null));
		}
		Hold beforeThePages = hold();
		subscribing.release().countDown();
		beforeThePages.held().await();
		publish(BUSY, 1);
		beforeThePages.release().countDown();
		await().untilAsserted(() -> assertThat(recovering).allSatisfy(
				(client) -> assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(2, 30).boxed().toList())));
		await().untilAsserted(() -> assertThat(live.messages()).hasSize(1));
		assertThat(before).hasValueLessThan(2 * DeliveryBounds.RECOVERING);
	}

	private static List<Long> of(RecordingTransport client, String subscription) {
		return client.messages()
			.stream()
			.map((frame) -> frame.split(" ", -1))
			.filter((frame) -> frame[1].equals(subscription))
			.map((frame) -> Long.parseLong(frame[2]))
			.toList();
	}

}
