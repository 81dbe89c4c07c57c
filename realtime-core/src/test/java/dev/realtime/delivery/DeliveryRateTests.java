package dev.realtime.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeOutcome;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.VirtualHubFixture;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic with a rate, and its subscribers on their sockets. */
class DeliveryRateTests extends VirtualHubFixture<MemoryBroker> {

	private static final Duration LONG = Duration.ofSeconds(15);

	DeliveryRateTests() {
		super(new VirtualEnvironment(ThreadLocalRandom.current().nextLong()), MemoryBroker::new, OPTIONS);
	}

	@Test
	void aRoomGetsOneSampleThatIsEncodedAndAnnouncedOnceForAll() {
		rate(DeliveryRate.sample(20));
		List<RecordingTransport> room = new ArrayList<>();
		for (int i = 0; i < Audience.MANY + 8; i++) {
			room.add(subscribed("c" + i));
		}
		for (int i = 0; i < 40; i++) {
			publish(10);
			pass(Duration.ofMillis(5));
		}
		String end = "message sub-0 400 m";
		eventually(() -> assertThat(room).allMatch((each) -> each.frames.contains(end)));
		List<Long> sample = room.get(0).seqs();
		assertThat(room).allSatisfy((each) -> {
			assertThat(each.seqs()).isEqualTo(sample);
			assertThat(announcedAndReceived(each)).isEqualTo(upTo(400));
			assertThat(each.others()).allMatch((frame) -> frame.startsWith("receipt") || frame.endsWith(" sampled"));
		});
		assertThat(sample.size()).isBetween(3, 60);
		assertThat(((PlainEncoder) this.encoder).messagesEncoded).hasValue(sample.size());
		assertThat(this.hub.stats().leftOut()).isEqualTo(400 - sample.size());
	}

	@Test
	void aClientWithoutControlEventsGetsTheSampleAlone() {
		rate(DeliveryRate.sample(50));
		RecordingTransport plain = subscribed("plain", ROOM, false);
		publish(100);
		eventually(() -> assertThat(plain.seqs()).contains(100L));
		assertThat(plain.others()).hasSize(1);
	}

	@Test
	void ofEachKeyTheNewestArrives() {
		rate(DeliveryRate.latest(100));
		RecordingTransport client = subscribed("a");
		for (int i = 0; i < 300; i++) {
			publish("k" + i % 3, false);
		}
		eventually(() -> assertThat(client.seqs()).contains(298L, 299L, 300L));
		assertThat(announcedAndReceived(client)).isEqualTo(upTo(300));
		assertThat(client.others()).anyMatch((frame) -> frame.endsWith(" conflated"));
	}

	@Test
	void rule4_recoveryIsExactWhateverTheRate() {
		rate(DeliveryRate.sample(1));
		RecordingTransport live = subscribed("live");
		Position start = publish(1);
		publish(40);
		RecordingTransport back = connected("back");
		connection("back").subscribe(new SubscribeRequest("sub-0", ROOM, start, 0, "ready"));
		eventually(() -> assertThat(back.seqs()).isEqualTo(LongStream.rangeClosed(2, 41).boxed().toList()));
		eventually(() -> assertThat(live.seqs()).containsExactly(1L, 41L));
		assertThat(back.others()).containsExactly("receipt ready 41 RECOVERED 40");
		publish(1);
		eventually(() -> assertThat(back.seqs()).endsWith(42L).doesNotHaveDuplicates());
		eventually(() -> assertThat(live.seqs()).endsWith(42L));
	}

	@Test
	void rule4_whatWaitsForItsTimeIsLiveForASubscriberThatComes() {
		rate(DeliveryRate.sample(2));
		RecordingTransport first = subscribed("first");
		publish(1);
		eventually(() -> assertThat(first.seqs()).containsExactly(1L));
		publish(5);
		RecordingTransport second = subscribed("second");
		assertThat(second.frames).containsExactly("receipt ready 1 NOT_ASKED 0");
		eventually(() -> assertThat(second.frames).containsExactly("receipt ready 1 NOT_ASKED 0",
				"gap sub-0 2 5 sampled", "message sub-0 6 m"));
		eventually(() -> assertThat(first.seqs()).containsExactly(1L, 6L));
	}

	@Test
	void aTopicWhoseSubscribersHaveLeftBeginsAnewForTheNextOne() {
		rate(DeliveryRate.sample(1));
		subscribed("first");
		publish(10);
		connection("first").unsubscribe("sub-0");
		this.environment.advanceUntil(() -> this.hub.subscribers(ROOM) == 0, LONG);
		RecordingTransport second = subscribed("second");
		assertThat(second.frames).containsExactly("receipt ready 10 NOT_ASKED 0");
		publish(1);
		eventually(() -> assertThat(second.seqs()).containsExactly(11L));
	}

	@Test
	void aSlowReaderIsToldOnceOfWhatWasLeftOutAndWhatItWasTooSlowFor() {
		this.policies = TopicPolicies
			.all(TopicPolicy.builder().queue(4, 1 << 20, Overflow.DROP_OLDEST).rate(DeliveryRate.sample(200)).build());
		RecordingTransport slow = subscribed("slow");
		RecordingTransport quick = subscribed("quick");
		slow.stopReading();
		for (int i = 0; i < 100; i++) {
			publish(5);
			pass(Duration.ofMillis(2));
		}
		eventually(() -> assertThat(quick.seqs()).contains(500L));
		slow.readAgain();
		eventually(() -> assertThat(slow.seqs()).contains(500L));
		assertThat(announcedAndReceived(slow)).isEqualTo(upTo(500));
		assertThat(slow.others()).anyMatch((frame) -> frame.endsWith(" overflow"));
		assertThat(slow.others()).hasSizeLessThan(20);
		assertThat(announcedAndReceived(quick)).isEqualTo(upTo(500));
	}

	@Test
	void whatWaitsForASlowReaderIsReplacedByTheNewestOfItsKey() {
		rate(DeliveryRate.latest(10_000));
		RecordingTransport slow = subscribed("slow");
		RecordingTransport quick = subscribed("quick");
		slow.stopReading();
		for (int i = 0; i < 400; i++) {
			long seq = publish("k" + i % 4, i % 100 == 50).seq();
			this.environment.advanceUntil(() -> quick.seqs().contains(seq), LONG);
		}
		slow.readAgain();
		eventually(() -> assertThat(slow.seqs()).contains(397L, 398L, 399L, 400L, 51L, 151L, 251L, 351L));
		assertThat(announcedAndReceived(slow)).isEqualTo(upTo(400));
		assertThat(slow.seqs()).hasSizeLessThan(20);
		assertThat(this.hub.stats().conflated()).isGreaterThan(300);
		assertThat(slow.closed).isNull();
	}

	@Test
	void rule4_aSlowReadersRecoveryIsNotConflated() {
		rate(DeliveryRate.latest(10_000));
		RecordingTransport other = subscribed("other");
		Position start = publish("k", false);
		for (int i = 0; i < 10; i++) {
			publish("k", false);
		}
		eventually(() -> assertThat(other.seqs()).contains(11L));
		RecordingTransport slow = connected("slow");
		slow.stopReading();
		connection("slow").subscribe(new SubscribeRequest("sub-0", ROOM, start, 0, "ready"));
		this.environment.advanceUntil(() -> this.hub.stats().recoveries(SubscribeOutcome.Recovery.RECOVERED) == 1,
				LONG);
		publish("k", false);
		eventually(() -> assertThat(other.seqs()).contains(12L));
		slow.readAgain();
		eventually(() -> assertThat(slow.seqs()).isEqualTo(LongStream.rangeClosed(2, 12).boxed().toList()));
	}

	@RepeatedTest(10)
	void rule3_everyNumberArrivesOrIsAnnouncedOnceWhateverHappens() {
		RandomGenerator random = this.environment.random();
		DeliveryRate rate = random.nextBoolean() ? DeliveryRate.sample(300) : DeliveryRate.latest(300);
		this.policies = TopicPolicies
			.all(TopicPolicy.builder().queue(20, 1 << 20, Overflow.DROP_OLDEST).rate(rate).build());
		List<RecordingTransport> clients = new ArrayList<>();
		List<Long> from = new ArrayList<>();
		List<Long> important = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			clients.add(subscribed("c" + i));
			from.add(0L);
		}
		Position first = publish("k", false);
		for (int i = 0; i < 400; i++) {
			boolean isImportant = random.nextInt(15) == 0;
			Position position = publish("k" + random.nextInt(5), isImportant);
			if (isImportant) {
				important.add(position.seq());
			}
			RecordingTransport one = clients.get(random.nextInt(3));
			switch (random.nextInt(12)) {
				case 0 -> one.stopReading();
				case 1, 2 -> one.readAgain();
				case 3 -> pass(Duration.ofMillis(1));
				case 4 -> {
					if (clients.size() < 40) {
						RecordingTransport back = connected("b" + i);
						connection("b" + i).subscribe(new SubscribeRequest("sub-0", ROOM, first, 0, "ready"));
						clients.add(back);
						from.add(first.seq());
					}
				}
				default -> {
				}
			}
		}
		clients.forEach(RecordingTransport::readAgain);
		long end = publish("end", true).seq();
		for (int i = 0; i < clients.size(); i++) {
			RecordingTransport client = clients.get(i);
			List<Long> expected = LongStream.rangeClosed(from.get(i) + 1, end).boxed().toList();
			eventually(() -> assertThat(announcedAndReceived(client)).isEqualTo(expected));
			assertThat(client.closed).isNull();
		}
		// The first three may have been too slow for some.
		assertThat(clients.subList(3, 6)).allSatisfy((each) -> assertThat(each.seqs()).containsAll(important));
	}

	/** Lets time pass until it holds. */
	private void eventually(Runnable assertion) {
		for (long end = this.environment.nanoTime() + LONG.toNanos(); this.environment.nanoTime() - end < 0;) {
			try {
				assertion.run();
				return;
			}
			catch (AssertionError ex) {
				pass(Duration.ofMillis(1));
			}
		}
		try {
			assertion.run();
		}
		catch (AssertionError ex) {
			throw new AssertionError("In the " + this.environment, ex);
		}
	}

	private void rate(DeliveryRate rate) {
		this.policies = TopicPolicies.all(TopicPolicy.builder().rate(rate).build());
	}

	private Position publish(String key, boolean important) {
		Publication publication = Publication.to(ROOM)
			.content(Content.text("m"))
			.header(DeliveryRate.KEY, key)
			.important(important)
			.build();
		Position position = this.broker.publish(publication, this.policies.of(ROOM))
			.toCompletableFuture()
			.join()
			.position();
		return position;
	}

	/** In the order of arrival, so that one that comes late or twice is seen. */
	static List<Long> announcedAndReceived(RecordingTransport client) {
		List<Long> all = new ArrayList<>();
		for (String frame : client.frames) {
			String[] words = frame.split(" ", -1);
			if (words[0].equals("message")) {
				all.add(Long.parseLong(words[2]));
			}
			else if (words[0].equals("gap")) {
				LongStream.rangeClosed(Long.parseLong(words[2]), Long.parseLong(words[3])).forEach(all::add);
			}
		}
		return all;
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
