package dev.realtime.hub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.delivery.Frame;
import dev.realtime.feed.RepairCause;
import dev.realtime.testing.SmallHub;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What a hub promises, over a relay that loses, repeats and reorders. */
class HubTests extends HubFixture<UnreliableBroker> {

	private static final HubOptions TWO_SHARDS = SmallHub.OPTIONS.toBuilder().shards(2).build();

	private final PlainEncoder plain = (PlainEncoder) this.encoder;

	HubTests() {
		super(new UnreliableBroker(), TWO_SHARDS, new PlainEncoder());
	}

	@Test
	void deliversToAllSubscribersInOrder() {
		List<RecordingTransport> clients = LongStream.range(0, 50).mapToObj((i) -> subscribed("c" + i)).toList();
		publish(20);
		for (RecordingTransport client : clients) {
			await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(20)));
		}
	}

	@Test
	void encodesAMessageOnceForAllWhoUseTheSameSubscriptionId() {
		for (int i = 0; i < 100; i++) {
			subscribed("c" + i);
		}
		RecordingTransport other = connected("other");
		connection("other").subscribe(new SubscribeRequest("sub-7", ROOM, null, 0, "ready"));
		awaitFrame(other);
		publish(10);
		await().untilAsserted(() -> assertThat(other.seqs()).hasSize(10));
		await().untilAsserted(() -> assertThat(this.hub.stats().delivered()).isEqualTo(1_010));
		// Both shards may encode the same frame in a race: two ids, two shards at most.
		assertThat(this.plain.messagesEncoded.get()).isBetween(20, 40);
	}

	@Test
	void writesWhatBecameReadyTogetherOnce() {
		RecordingTransport client = subscribed("slow");
		client.stopReading();
		publish(30);
		await().untilAsserted(() -> assertThat(this.hub.stats().delivered()).isEqualTo(30));
		client.readAgain();
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(30)));
		assertThat(client.batches).hasSizeLessThan(10);
	}

	@Test
	void rule3_aLostAnnouncementIsFilledFromTheLogBeforeAnythingLater() {
		this.broker.lost = (message) -> message.seq() % 3 == 0;
		RecordingTransport client = subscribed("a");
		publish(100);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(100)));
		assertThat(this.hub.stats().repairs(RepairCause.HOLE)).isPositive();
	}

	@Test
	void rule3_repeatedAnnouncementsAreDeliveredOnce() {
		this.broker.repeated = (message) -> true;
		RecordingTransport client = subscribed("a");
		publish(50);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(50)));
	}

	@Test
	void rule3_announcementsThatComeInReverseAreDeliveredInOrder() {
		RecordingTransport client = subscribed("a");
		this.broker.late = (message) -> true;
		publish(50);
		this.broker.releaseReversed();
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(50)));
	}

	@Test
	void rule3_numbersThatNeverCarriedAMessageAreSteppedOver() {
		RecordingTransport client = subscribed("a");
		publish(1);
		Position taken = this.broker.sequence().next(ROOM).toCompletableFuture().join();
		publish(1);
		assertThat(taken.seq()).isEqualTo(2);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 3L));
	}

	@Test
	void rule3_nothingPassesANumberThatIsNotSettledAndTheLogIsAskedSeldom() {
		RecordingTransport client = subscribed("a");
		publish(4);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(4)));
		this.broker.settled = 4;
		this.broker.late = (message) -> message.seq() == 5;
		int before = this.broker.reads.get();

		publish(60);

		await().during(Duration.ofMillis(600)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(4)));
		assertThat(this.broker.reads.get() - before).isBetween(2, 8);
		this.broker.settled = Long.MAX_VALUE;
		this.broker.releaseReversed();
		await().atMost(Duration.ofMillis(500)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(64)));
	}

	@Test
	void rule3_aNumberThatBecomesVoidLaterIsSteppedOverByItself() {
		RecordingTransport client = subscribed("a");
		publish(2);
		this.broker.settled = 2;
		this.broker.sequence().next(ROOM).toCompletableFuture().join();
		publish(3);
		await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(2)));

		this.broker.settled = Long.MAX_VALUE;

		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 2L, 4L, 5L, 6L));
	}

	@Test
	void rule3_aHoleThatCannotBeFilledIsAnnouncedWithItsRange() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(10, Duration.ofHours(1)).build());
		RecordingTransport client = subscribed("a");
		publish(5);
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(5));
		this.broker.lost = (message) -> true;
		publish(50);
		this.broker.lost = (message) -> false;
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(56L));
		String gap = client.others().stream().filter((frame) -> frame.startsWith("gap")).findFirst().orElseThrow();
		long to = Long.parseLong(gap.split(" ", -1)[3]);
		assertThat(gap).startsWith("gap sub-0 6 ").endsWith(" expired");
		assertThat(client.seqs()).isEqualTo(
				LongStream.concat(LongStream.rangeClosed(1, 5), LongStream.rangeClosed(to + 1, 56)).boxed().toList());
	}

	@Test
	void rule7_silentLossIsFoundByThePeriodicComparison() {
		RecordingTransport client = subscribed("a");
		this.broker.lost = (message) -> true;
		publish(10);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(10)));
	}

	@Test
	void rule7_aLogThatWasAwayIsReadAgainByItself() {
		RecordingTransport client = subscribed("a");
		this.broker.lost = (message) -> message.seq() == 1;
		this.broker.logAway = true;
		publish(5);
		await().untilAsserted(() -> assertThat(this.hub.topicsBehind()).isEqualTo(1));
		assertThat(client.seqs()).isEmpty();
		this.broker.logAway = false;
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(5)));
		await().untilAsserted(() -> assertThat(this.hub.topicsBehind()).isZero());
	}

	@Test
	void rule5_aReaderThatStopsIsDisconnectedAtItsBoundAndDelaysNobody() {
		RecordingTransport stuck = subscribed("stuck");
		RecordingTransport other = subscribed("other");
		stuck.stopReading();
		publish(150);
		await().untilAsserted(() -> assertThat(other.seqs()).isEqualTo(upTo(150)));
		await().untilAsserted(() -> assertThat(stuck.closed).isEqualTo(CloseReason.OVERFLOW));
		assertThat(this.hub.stats().overflows()).isEqualTo(1);
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void rule5_dropOldestKeepsTheNewestAndAnnouncesTheGapWhereItIs() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(10, 64 * 1024, Overflow.DROP_OLDEST).build());
		RecordingTransport client = subscribed("a");
		client.stopReading();
		publish(40);
		await().untilAsserted(() -> assertThat(this.hub.stats().dropped()).isPositive());
		await().untilAsserted(() -> assertThat(this.hub.stats().delivered()).isEqualTo(40));
		client.readAgain();
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(40L));
		assertThat(client.closed).isNull();
		assertThat(withGapsFilled(client)).isEqualTo(upTo(40));
		assertThat(client.seqs()).hasSizeBetween(11, 20);
	}

	@RepeatedTest(20)
	void rule5_dropOldestNeverLosesAMessageSilently() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(3, 64 * 1024, Overflow.DROP_OLDEST).build());
		RecordingTransport client = subscribed("a");
		for (int i = 0; i < 60; i++) {
			if (ThreadLocalRandom.current().nextInt(3) == 0) {
				client.stopReading();
			}
			else {
				client.readAgain();
			}
			publish(ThreadLocalRandom.current().nextInt(1, 10));
		}
		client.readAgain();
		long last = publish(1).seq();
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(last));
		await().untilAsserted(() -> assertThat(withGapsFilled(client)).isEqualTo(upTo(last)));
	}

	@Test
	void whatWaitsIsWrittenBeforeAConnectionIsClosed() {
		RecordingTransport client = subscribed("a");
		client.stopReading();
		publish(3);
		await().until(() -> client.frames.size() > 1);
		connection("a").send(Frame.of("goodbye".getBytes(StandardCharsets.UTF_8)));
		connection("a").close(CloseReason.policy("test"));
		assertThat(client.closed).isNull();
		client.readAgain();
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.policy("test")));
		assertThat(client.frames).endsWith("goodbye");
	}

	@Test
	void rule8_aConnectionHasAtMostSoManySubscriptions() {
		connected("a");
		for (int i = 0; i < 5; i++) {
			connection("a").subscribe(new SubscribeRequest("s" + i, ROOM, null, 0, null));
		}
		assertThatExceptionOfType(SubscribeException.class)
			.isThrownBy(() -> connection("a").subscribe(new SubscribeRequest("s5", ROOM, null, 0, null)))
			.withMessageContaining("at most 5");
	}

	@Test
	void aSubscriptionIdThatIsInUseIsRefusedAndTheFirstGoesOn() {
		RecordingTransport client = subscribed("a");
		assertThatExceptionOfType(SubscribeException.class)
			.isThrownBy(() -> connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, null)))
			.withMessageContaining("in use");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L));
	}

	@Test
	void theExcludedSessionIsToldOfTheGapInstead() {
		RecordingTransport sender = subscribed("sender");
		RecordingTransport other = subscribed("other");
		this.broker
			.publish(Publication.to(ROOM).content(Content.text("mine")).excludeSession("sender").build(),
					TopicPolicy.DEFAULT)
			.toCompletableFuture()
			.join();
		publish(1);
		await().untilAsserted(() -> assertThat(other.seqs()).containsExactly(1L, 2L));
		await().untilAsserted(() -> assertThat(sender.seqs()).containsExactly(2L));
		assertThat(sender.others()).contains("gap sub-0 1 1 excluded");
	}

	@Test
	void nothingIsDeliveredAfterUnsubscribing() {
		RecordingTransport client = subscribed("a");
		RecordingTransport other = subscribed("b");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(1));
		connection("a").unsubscribe("sub-0");
		publish(5);
		await().untilAsserted(() -> assertThat(other.seqs()).hasSize(6));
		assertThat(client.seqs()).containsExactly(1L);
	}

	@Test
	void aTopicIsForgottenSomeTimeAfterItsLastSubscriberIsGone() {
		subscribed("a");
		assertThat(this.hub.topics()).isEqualTo(1);
		connection("a").closed();
		await().untilAsserted(() -> assertThat(this.hub.topics()).isZero());
		assertThat(this.hub.stats().subscriptions()).isZero();
		assertThat(this.hub.stats().connections()).isZero();
	}

	@RepeatedTest(20)
	void subscribersThatComeAndGoAreEachServedExactly() throws Exception {
		AtomicBoolean stop = new AtomicBoolean();
		ExecutorService publisher = Executors.newSingleThreadExecutor();
		Future<?> publishing = publisher.submit(() -> {
			while (!stop.get()) {
				publish(1);
				LockSupport.parkNanos(200_000);
			}
		});
		for (int i = 0; i < 60; i++) {
			RecordingTransport client = connected("c" + i);
			connection("c" + i).subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r"));
			await().pollInterval(Duration.ofMillis(1)).until(() -> client.seqs().size() >= 3);
			connection("c" + i).unsubscribe("sub-0");
			List<Long> seqs = client.seqs();
			long start = Long.parseLong(client.frames.get(0).split(" ", -1)[2]);
			assertThat(seqs).isEqualTo(LongStream.rangeClosed(start + 1, start + seqs.size()).boxed().toList());
		}
		stop.set(true);
		publishing.get(5, TimeUnit.SECONDS);
		publisher.shutdown();
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

	/** The numbers in the order in which they came, those of gaps among them. */
	private static List<Long> withGapsFilled(RecordingTransport client) {
		return client.frames.stream().flatMap((frame) -> {
			String[] parts = frame.split(" ", -1);
			return switch (parts[0]) {
				case "message" -> LongStream.of(Long.parseLong(parts[2])).boxed();
				case "gap" -> LongStream.rangeClosed(Long.parseLong(parts[2]), Long.parseLong(parts[3])).boxed();
				default -> LongStream.empty().boxed();
			};
		}).toList();
	}

}
