package dev.realtime.hub;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.feed.TopicFeed;
import dev.realtime.hub.FaultyBroker.Fault;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A broker that throws, answers nonsense or never answers does not stop the hub. */
class BrokerFaultTests extends HubFixture<FaultyBroker> {

	private static final HubOptions COMPARING = SmallHub.OPTIONS.toBuilder()
		.maxSubscriptions(200)
		.checkInterval(Duration.ofMillis(50))
		.openTimeout(Duration.ofSeconds(5))
		.build();

	BrokerFaultTests() {
		super(new FaultyBroker(), COMPARING, new PlainEncoder());
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFailedComparisonDoesNotEndThePeriodicOne(Fault fault) {
		RecordingTransport client = subscribed("a");
		happens(fault, this.broker.heads, 1);
		this.broker.broker.lost = (message) -> true;
		publish(3);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 2L, 3L));
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFailedReadOfAFeedIsTriedAgain(Fault fault) {
		RecordingTransport client = subscribed("a");
		this.broker.broker.lost = (message) -> message.seq() == 1;
		this.broker.fault = fault;
		this.broker.reads.set(2);
		publish(3);
		pass(this.broker.reads);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 2L, 3L));
		assertThat(this.hub.topicsBehind()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFailedReadOfARecoveryIsTriedAgain(Fault fault) {
		RecordingTransport other = subscribed("other");
		Position first = publish(1);
		publish(9);
		await().untilAsserted(() -> assertThat(other.seqs()).hasSize(10));
		this.broker.fault = fault;
		this.broker.reads.set(1);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "r"));
		pass(this.broker.reads);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L));
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFailedReadOfTheLatestMessagesIsTriedAgain(Fault fault) {
		publish(3);
		this.broker.fault = fault;
		this.broker.latest.set(1);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 2, "r"));
		pass(this.broker.latest);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(2L, 3L));
	}

	@ParameterizedTest
	@EnumSource(names = "ANSWERS_NULL", mode = EnumSource.Mode.EXCLUDE)
	void rule9_aFeedThatCouldNotSubscribeToTheRelayOpensLater(Fault fault) {
		this.broker.fault = fault;
		this.broker.subscribes.set(2);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		pass(this.broker.subscribes);
		await().untilAsserted(() -> assertThat(client.frames).isNotEmpty());
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L));
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFeedThatCouldNotAskForTheHeadOpensLater(Fault fault) {
		this.broker.fault = fault;
		this.broker.heads.set(2);
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		pass(this.broker.heads);
		await().untilAsserted(() -> assertThat(client.frames).isNotEmpty());
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aFeedIsForgottenThoughUnsubscribingFails(Fault fault) {
		subscribed("a");
		this.broker.fault = fault;
		this.broker.unsubscribes.set(1);
		connection("a").closed();
		await().untilAsserted(() -> assertThat(this.hub.topics()).isZero());
	}

	@Test
	void rule9_aTopicWhoseLogIsNotKnownDoesNotKeepOthersFromBeingCompared() {
		Topic lost = Topic.of("lost");
		subscribed("a", lost, true);
		RecordingTransport client = subscribed("b");
		this.broker.unheld = lost::equals;
		this.broker.broker.lost = (message) -> true;
		publish(3);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 2L, 3L));
	}

	@Test
	void rule8_aSubscriptionThatHasLeftIsNotKeptWhileItsFeedCannotOpen() {
		this.broker.relayAway = true;
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		TopicFeed feed = Objects.requireNonNull(this.hub.feeds.find(ROOM));
		for (int i = 0; i < 1_000; i++) {
			connected("c" + i);
			connection("c" + i).subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r"));
			if (i % 2 == 0) {
				connection("c" + i).unsubscribe("sub-0");
			}
			connection("c" + i).closed();
		}
		await().until(() -> this.hub.connections().size() == 1);
		assertThat(feed.waiting()).isOne();
		this.broker.relayAway = false;
		await().untilAsserted(() -> assertThat(client.frames).hasSize(1));
		assertThat(feed.waiting()).isZero();
	}

	/** Lets the fault happen in calls that the clock makes. */
	private void happens(Fault fault, AtomicInteger calls, int times) {
		this.broker.fault = fault;
		calls.set(times);
		pass(calls);
	}

	/** Waits until the faults have happened; an hour passes for calls without answer. */
	private void pass(AtomicInteger calls) {
		await().untilAsserted(() -> {
			this.hub.feeds.calls().expire(System.nanoTime() + Duration.ofHours(1).toNanos());
			assertThat(calls).hasValue(0);
		});
		this.hub.feeds.calls().expire(System.nanoTime() + Duration.ofHours(1).toNanos());
	}

}
