package dev.realtime.hub;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Subscriptions to all topics of a pattern. */
class PatternSubscriptionTests extends PatternFixture {

	@Test
	void getsEveryMessageOfTheTopicsThatMatch() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		publish("price.b", "b1");
		publish("price.a.x", "deeper");
		publish("prices", "other");
		publish("price.a", "a2");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactlyInAnyOrder("a1", "b1", "a2"));
		assertThat(texts(client)).containsSubsequence("a1", "a2");
		assertThat(client.messages()).allMatch((frame) -> frame.startsWith("message sub-0 "));
	}

	@Test
	void beginsWithWhatIsPublishedAfterTheReceipt() {
		publish("price.a", "before");
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "after");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("after"));
	}

	@Test
	void rule3_isLiveWhenItsReceiptComes() {
		RecordingTransport client = connected("c");
		AtomicInteger decisions = new AtomicInteger();
		Map<Topic, Position> named = Map.of(Topic.of("price.a"), new Position("GONE", 1));
		connection("c").subscribe(request(PRICES, named, (topic) -> true, (task) -> {
			await().until(() -> client.others().contains("receipt ready pattern 1"));
			if (decisions.getAndIncrement() == 0) {
				publish("price.b", "right behind the receipt");
			}
			task.run();
		}));

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("right behind the receipt"));
	}

	@Test
	void rule4_aMessageThatComesBeforeTheReceiptDoesNotReplaceAPositionThatTheClientNames() {
		Position a = publish("price.a", "a1");
		publish("price.a", "a2");
		this.broker.relayAway = true;
		RecordingTransport client = connected("c");
		connection("c").subscribe(request(PRICES, Map.of(Topic.of("price.a"), a), (topic) -> true, AT_ONCE));
		this.broker.relayAway = false;
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			publish("price.a", "later");
			return !client.frames.isEmpty();
		});

		await().untilAsserted(() -> assertThat(texts(client)).startsWith("a2", "later"));
		assertThat(client.frames).startsWith("receipt ready pattern 1");
	}

	@Test
	void oneThatComesLaterGetsTheTopicsThatAreFollowedAlready() {
		RecordingTransport first = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(first)).containsExactly("a1"));
		RecordingTransport second = watching("d", PRICES);
		publish("price.a", "a2");

		await().untilAsserted(() -> assertThat(texts(second)).containsExactly("a2"));
		await().untilAsserted(() -> assertThat(texts(first)).containsExactly("a1", "a2"));
	}

	@Test
	void rule3_oneThatComesLaterLacksNothingThatComesWhileItsTopicsAreDecided() {
		RecordingTransport first = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(first)).containsExactly("a1"));
		ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
		RecordingTransport second = watching("d", PRICES, Map.of(), (topic) -> true, tasks::add);
		publish("price.a", "a2");
		publish("price.a", "a3");
		await().untilAsserted(() -> assertThat(texts(first)).containsExactly("a1", "a2", "a3"));
		tasks.remove().run();

		await().untilAsserted(() -> assertThat(texts(second)).containsExactly("a2", "a3"));
	}

	@Test
	void worksBesideASubscriptionToOneOfTheTopics() {
		RecordingTransport client = watching("c", PRICES);
		connection("c").subscribe(new SubscribeRequest("sub-1", Topic.of("price.a"), null, 0, "ready"));
		await().untilAsserted(() -> assertThat(client.others()).hasSize(2));
		publish("price.a", "a1");

		await().untilAsserted(() -> assertThat(client.messages()).containsExactlyInAnyOrder("message sub-0 1 a1",
				"message sub-1 1 a1"));
	}

	@Test
	void rule3_eachTopicIsInOrderAndOnceWhateverTheRelayDoes() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
		this.unreliable.late = (message) -> message.seq() % 3 == 0;
		this.unreliable.repeated = (message) -> message.seq() % 2 == 0;
		this.unreliable.lost = (message) -> message.seq() % 5 == 0;
		IntStream.rangeClosed(2, 60).forEach((i) -> publish("price.a", "a" + i));
		this.unreliable.releaseReversed();
		this.unreliable.lost = (message) -> false;
		this.unreliable.late = (message) -> false;
		publish("price.a", "a61");

		await().untilAsserted(() -> assertThat(texts(client))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, 61).mapToObj((i) -> "a" + i).toList()));
	}

	@Test
	void rule3_nothingIsLostOrDoubledWhileSubscribersComeAndGo() throws InterruptedException {
		int topics = 3;
		int messages = 400;
		Map<String, RecordingTransport> clients = new HashMap<>();
		CountDownLatch published = new CountDownLatch(topics);
		for (int t = 0; t < topics; t++) {
			String name = "price." + t;
			Thread thread = new Thread(() -> {
				IntStream.rangeClosed(1, messages).forEach((i) -> publish(name, name + '-' + i));
				published.countDown();
			});
			thread.start();
		}
		for (int c = 0; published.getCount() > 0 && c < 200; c++) {
			String id = "c" + c;
			clients.put(id, watching(id, PRICES));
			if (c % 3 == 0) {
				connection(id).unsubscribe("sub-0");
				clients.remove(id);
			}
		}
		published.await();
		publish("price.0", "price.0-" + (messages + 1));
		publish("price.1", "price.1-" + (messages + 1));
		publish("price.2", "price.2-" + (messages + 1));

		clients.values().forEach((client) -> await().untilAsserted(() -> {
			for (int t = 0; t < topics; t++) {
				String begin = "price." + t + '-';
				List<Integer> got = texts(client).stream()
					.filter((text) -> text.startsWith(begin))
					.map((text) -> Integer.parseInt(text.substring(begin.length())))
					.toList();
				assertThat(got).isNotEmpty().endsWith(messages + 1);
				assertThat(got).containsExactlyElementsOf(
						IntStream.rangeClosed(messages + 2 - got.size(), messages + 1).boxed().toList());
			}
		}));
	}

	@Test
	void rule4_goesOnBehindThePositionsThatTheClientNames() {
		Position a = publish("price.a", "a1");
		Position b = publish("price.b", "b1");
		publish("price.a", "a2");
		publish("price.a", "a3");
		RecordingTransport client = watching("c", PRICES, Map.of(Topic.of("price.a"), a, Topic.of("price.b"), b),
				(topic) -> true, AT_ONCE);
		publish("price.b", "b2");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactlyInAnyOrder("a2", "a3", "b2"));
		assertThat(texts(client)).containsSubsequence("a2", "a3");
		assertThat(client.others()).containsExactly("receipt ready pattern 2");
	}

	@Test
	void rule4_whatCannotBeRecoveredIsAGap() {
		Position a = publish("price.a", "a1");
		RecordingTransport client = watching("c", PRICES,
				Map.of(Topic.of("price.a"), new Position("OTHER", 7), Topic.of("price.b"), new Position("GONE", 3)),
				(topic) -> true, AT_ONCE);

		await().untilAsserted(() -> assertThat(client.others()).contains("receipt ready pattern 2",
				"gap sub-0 1 " + a.seq() + " epoch-changed", "gap sub-0 1 0 epoch-changed"));
		publish("price.a", "a2");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a2"));
	}

	@Test
	void rule8_followsSoManyTopicsAndTellsOfWhatItLeavesOut() {
		RecordingTransport client = watching("c", PRICES);
		IntStream.rangeClosed(1, 3).forEach((i) -> publish("price." + i, "m" + i));
		await().untilAsserted(() -> assertThat(texts(client)).hasSize(3));
		publish("price.4", "left out");
		publish("price.4", "left out");
		publish("price.1", "last");

		await().untilAsserted(() -> assertThat(client.frames).endsWith("message sub-0 2 last"));
		assertThat(client.others()).containsExactly("receipt ready pattern", "gap sub-0 1 1 too-many-topics",
				"gap sub-0 2 2 too-many-topics");
	}

	@Test
	void rule8_refusesMorePatternsThanTheNodeMayHave() {
		watching("c", PRICES);
		watching("d", new TopicPattern("room.*"));
		watching("e", PRICES);
		RecordingTransport refused = connected("f");
		assertThatExceptionOfType(SubscribeException.class)
			.isThrownBy(
					() -> connection("f").subscribe(request(new TopicPattern("x.*"), Map.of(), (t) -> true, AT_ONCE)))
			.withMessageContaining("2 different patterns");
		assertThat(refused.frames).isEmpty();
		connection("d").unsubscribe("sub-0");
		await().untilAsserted(() -> assertThat(this.hub.patterns()).isOne());
		connection("f").subscribe(request(new TopicPattern("x.*"), Map.of(), (t) -> true, AT_ONCE));
	}

	@Test
	void rule7_tellsThatTopicsMayBeMissingAfterTheRelayWasLost() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
		this.unreliable.lost = (message) -> true;
		publish("price.a", "a2");
		this.unreliable.lost = (message) -> false;
		this.unreliable.onReconnected();

		await().untilAsserted(() -> assertThat(client.others()).contains("gap sub-0 pattern"));
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1", "a2"));
	}

	@Test
	void waitsForARelayThatIsAway() {
		this.broker.relayAway = true;
		RecordingTransport client = connected("c");
		connection("c").subscribe(request(PRICES, Map.of(), (topic) -> true, AT_ONCE));
		assertThat(connection("c").isOpening()).isTrue();
		this.broker.relayAway = false;

		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt ready pattern"));
		assertThat(connection("c").isOpening()).isFalse();
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
	}

	@Test
	void isClosedWhenTheRelayStaysAway() {
		this.broker.relayAway = true;
		RecordingTransport client = connected("c");
		connection("c").subscribe(request(PRICES, Map.of(), (topic) -> true, AT_ONCE));

		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.UNAVAILABLE));
	}

	@Test
	void leavesNothingBehindWhenItEnds() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
		assertThat(this.hub.stats().subscriptions()).isOne();
		connection("c").unsubscribe("sub-0");
		publish("price.a", "a2");
		publish("price.b", "b1");

		await().untilAsserted(() -> assertThat(this.hub.patterns()).isZero());
		await().untilAsserted(() -> assertThat(this.hub.topics()).isZero());
		assertThat(this.hub.stats().subscriptions()).isZero();
		assertThat(texts(client)).containsExactly("a1");
	}

	@Test
	void endsWithItsConnection() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
		connection("c").closed();

		await().untilAsserted(() -> assertThat(this.hub.patterns()).isZero());
		await().untilAsserted(() -> assertThat(this.hub.topics()).isZero());
	}

	@Test
	void itsIdIsOneOfTheConnectionsIds() {
		watching("c", PRICES);
		assertThatExceptionOfType(SubscribeException.class)
			.isThrownBy(
					() -> connection("c").subscribe(request(new TopicPattern("x.*"), Map.of(), (t) -> true, AT_ONCE)))
			.withMessageContaining("in use");
		await().untilAsserted(() -> assertThat(this.hub.patterns()).isOne());
	}

}
