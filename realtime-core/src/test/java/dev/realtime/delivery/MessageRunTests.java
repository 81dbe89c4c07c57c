package dev.realtime.delivery;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Position;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.HubFixture;
import dev.realtime.hub.HubOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages that are ready together, for an audience that gets them as one run. */
class MessageRunTests extends HubFixture<MemoryBroker> {

	/** Fewer than a run may have. */
	private static final int QUEUE = 40;

	private final List<RecordingTransport> audience = new ArrayList<>();

	MessageRunTests() {
		super(new MemoryBroker(Clock.systemUTC()), withQueueOf(QUEUE), new PlainEncoder());
		for (int i = 0; i < Audience.MANY; i++) {
			this.audience.add(subscribed("c" + i));
		}
	}

	@Test
	void messagesThatAreReadyTogetherAreOneWrite() throws Exception {
		publishTogether(5);
		awaitAll(1, 5);
		assertThat(this.audience).allSatisfy((each) -> assertThat(each.batches).containsExactly(1, 5));
		assertThat(this.hub.stats().queuedBytes()).isZero();
	}

	@Test
	void rule3_moreMessagesThanOneRunTakesArriveInOrder() throws Exception {
		publishTogether(MessageRun.MOST_MESSAGES * 2 + 3);
		awaitAll(1, MessageRun.MOST_MESSAGES * 2 + 3);
	}

	@Test
	void rule3_aSubscriberThatJoinsInBetweenGetsWhatComesLater() throws Exception {
		RecordingTransport late = connected("late");
		Hold hold = hold();
		hold.held().await();
		publish(3);
		connection("late").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		publish(2);
		hold.release().countDown();
		awaitAll(1, 5);
		await().untilAsserted(() -> assertThat(late.seqs()).containsExactly(4L, 5L));
		assertThat(late.others()).hasSize(1);
	}

	@Test
	void rule4_aSubscriberThatRecoversInBetweenGetsEachMessageOnce() throws Exception {
		Position last = publish(4);
		awaitAll(1, 4);
		RecordingTransport back = connected("back");
		Hold hold = hold();
		hold.held().await();
		publish(3);
		connection("back").subscribe(new SubscribeRequest("sub-0", ROOM, new Position(last.epoch(), 2), 0, "ready"));
		publish(2);
		hold.release().countDown();
		awaitAll(1, 9);
		await().untilAsserted(() -> assertThat(back.seqs()).containsExactlyElementsOf(range(3, 9)));
	}

	@Test
	void rule5_aSocketThatIsBusyGetsTheRunLaterAndHoldsUpNoOther() throws Exception {
		RecordingTransport slow = this.audience.remove(0);
		slow.stopReading();
		publish(1);
		await().until(() -> slow.seqs().size() == 1);
		publishTogether(4);
		awaitAll(1, 5);
		assertThat(slow.seqs()).containsExactly(1L);
		slow.readAgain();
		await().untilAsserted(() -> assertThat(slow.seqs()).containsExactlyElementsOf(range(1, 5)));
	}

	@Test
	void rule8_noRunIsLargerThanAConnectionsQueue() throws Exception {
		RecordingTransport slow = this.audience.remove(0);
		slow.stopReading();
		publish(1);
		await().until(() -> slow.seqs().size() == 1);
		publishTogether(QUEUE + 1);
		awaitAll(1, QUEUE + 2);
		assertThat(this.audience).allSatisfy((each) -> assertThat(each.batches).allMatch((size) -> size <= QUEUE));
		await().untilAsserted(() -> assertThat(slow.closed).isEqualTo(CloseReason.OVERFLOW));
	}

	@Test
	void whatIsReadyIsWrittenBeforeAConnectionIsClosedOnRequest() throws Exception {
		Hold hold = hold();
		hold.held().await();
		publish(3);
		connection("c0").close(CloseReason.RESTART);
		hold.release().countDown();
		awaitAll(1, 3);
		await().untilAsserted(() -> assertThat(this.audience.get(0).closed).isEqualTo(CloseReason.RESTART));
	}

	private void publishTogether(int count) throws InterruptedException {
		Hold hold = hold();
		hold.held().await();
		publish(count);
		hold.release().countDown();
	}

	private void awaitAll(long from, long to) {
		List<Long> expected = range(from, to);
		await().untilAsserted(() -> assertThat(this.audience)
			.allSatisfy((each) -> assertThat(each.seqs()).containsExactlyElementsOf(expected)));
		// No gap beside the answer to SUBSCRIBE.
		assertThat(this.audience).allSatisfy((each) -> assertThat(each.others()).hasSize(1));
	}

	private static HubOptions withQueueOf(int messages) {
		return OPTIONS.toBuilder().queueMessages(messages).build();
	}

	private static List<Long> range(long from, long to) {
		return LongStream.rangeClosed(from, to).boxed().toList();
	}

}
