package dev.realtime.hub;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A connection whose subscriptions wait for feeds that do not know where live starts. */
class OpeningTests {

	private static final HubOptions OPTIONS = SmallHub.OPTIONS.toBuilder().openTimeout(Duration.ofMillis(500)).build();

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(OPTIONS, this.broker, new PlainEncoder(), (topic) -> TopicPolicy.DEFAULT,
			ConnectionListener.NONE);

	private final Connection connection = this.hub.connect("c", new RecordingTransport());

	private final AtomicInteger calls = new AtomicInteger();

	OpeningTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void whoWaitsForNothingIsCalledAtOnce() {
		assertThat(this.connection.isOpening()).isFalse();
		this.connection.whenOpen(this.calls::incrementAndGet);
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void aFeedThatIsOpenAlreadyIsNotWaitedFor() {
		subscribe("one", "room.1");
		assertThat(this.connection.isOpening()).isFalse();
	}

	@Test
	void theCallComesOnceAllFeedsAreOpen() {
		this.broker.logAway = true;
		subscribe("one", "room.1");
		subscribe("two", "room.2");
		this.connection.whenOpen(this.calls::incrementAndGet);
		assertThat(this.connection.isOpening()).isTrue();
		assertThat(this.calls).hasValue(0);
		this.broker.logAway = false;
		await().untilAsserted(() -> assertThat(this.calls).hasValue(1));
		assertThat(this.connection.isOpening()).isFalse();
		assertThat(this.connection.isGone()).isFalse();
	}

	@Test
	void aSubscriptionThatEndsIsNotWaitedFor() {
		this.broker.logAway = true;
		subscribe("one", "room.1");
		this.connection.whenOpen(this.calls::incrementAndGet);
		this.connection.unsubscribe("one");
		await().untilAsserted(() -> assertThat(this.calls).hasValue(1));
		this.broker.logAway = false;
		subscribe("two", "room.1");
		await().until(() -> !this.connection.isOpening());
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void theEndOfTheConnectionEndsTheWait() {
		this.broker.logAway = true;
		subscribe("one", "room.1");
		this.connection.whenOpen(this.calls::incrementAndGet);
		this.connection.closed();
		await().untilAsserted(() -> assertThat(this.calls).hasValue(1));
	}

	@Test
	void aFeedThatNeverOpensEndsTheConnectionAndTheWait() {
		this.broker.logAway = true;
		subscribe("one", "room.1");
		this.connection.whenOpen(this.calls::incrementAndGet);
		await().untilAsserted(() -> assertThat(this.calls).hasValue(1));
		assertThat(this.connection.isGone()).isTrue();
	}

	private void subscribe(String id, String topic) {
		this.connection.subscribe(new SubscribeRequest(id, Topic.of(topic), null, 0, null));
	}

}
