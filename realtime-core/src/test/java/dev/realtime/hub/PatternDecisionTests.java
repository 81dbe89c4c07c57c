package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Subscriber;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Which topics of a pattern a client may read, and who decides it where. */
class PatternDecisionTests extends PatternFixture {

	@Test
	void rule10_goesOnWithoutATopicThatIsRevoked() {
		RecordingTransport client = watching("c", PRICES);
		publish("price.a", "a1");
		publish("price.b", "b1");
		await().untilAsserted(() -> assertThat(texts(client)).hasSize(2));
		Subscriber a = connection("c").subscribers()
			.stream()
			.filter((each) -> each.topic().name().equals("price.a"))
			.findFirst()
			.orElseThrow();

		assertThat(connection("c").revoke(a)).isTrue();
		assertThat(connection("c").revoke(a)).isFalse();
		publish("price.a", "a2");
		publish("price.b", "b2");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactlyInAnyOrder("a1", "b1", "b2"));
		assertThat(connection("c").subscribers()).extracting(Subscriber::topic).containsExactly(Topic.of("price.b"));
	}

	@Test
	void anotherSubscriptionOfTheSameIdIsNotRevoked() {
		RecordingTransport client = connected("c");
		connection("c").subscribe(new SubscribeRequest("sub-0", Topic.of("price.a"), null, 0, null));
		Subscriber before = connection("c").subscribers().get(0);
		connection("c").unsubscribe("sub-0");
		connection("c").subscribe(new SubscribeRequest("sub-0", Topic.of("price.b"), null, 0, "ready"));
		await().untilAsserted(() -> assertThat(client.others()).hasSize(1));

		assertThat(connection("c").revoke(before)).isFalse();
		publish("price.b", "b1");
		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("b1"));
	}

	@Test
	void rule9_aDecisionThatThrowsDeniesThatTopicAlone() {
		RecordingTransport client = watching("c", PRICES, Map.of(), (topic) -> {
			if (topic.name().equals("price.a")) {
				throw new StackOverflowError("on purpose");
			}
			return true;
		}, AT_ONCE);
		publish("price.a", "a1");
		publish("price.b", "b1");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("b1"));
		assertThat(client.frames).doesNotContain("gap sub-0 pattern");
	}

	@Test
	void rule9_aPolicyThatThrowsCostsThatTopicAloneAndTheClientIsTold() {
		RecordingTransport client = watching("c", PRICES);
		TopicPolicies working = this.policies;
		publishes("price.a", "a1", () -> this.policies = (topic) -> {
			throw new StackOverflowError("on purpose");
		});
		this.policies = working;
		publish("price.b", "b1");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("b1"));
		assertThat(client.frames).contains("gap sub-0 pattern");
	}

	@Test
	void rule9_decisionsAreMadeOnTheApplicationsThreadsAndNothingIsLostMeanwhile() {
		ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
		RecordingTransport client = watching("c", PRICES, Map.of(), (topic) -> true, tasks::add);
		IntStream.rangeClosed(1, 10).forEach((i) -> publish("price.a", "a" + i));
		assertThat(tasks).hasSize(1);
		assertThat(texts(client)).isEmpty();
		tasks.remove().run();

		await().untilAsserted(() -> assertThat(texts(client))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, 10).mapToObj((i) -> "a" + i).toList()));
	}

	@Test
	void asksAgainWhereTheApplicationsThreadsTakeNothing() {
		AtomicInteger refusals = new AtomicInteger(3);
		RecordingTransport client = watching("c", PRICES, Map.of(), (topic) -> true, (task) -> {
			if (refusals.getAndDecrement() > 0) {
				throw new RejectedExecutionException("on purpose");
			}
			task.run();
		});
		publish("price.a", "a1");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
	}

	@Test
	void rule10_getsNothingOfTopicsThatItMayNotRead() {
		List<String> asked = new ArrayList<>();
		RecordingTransport client = watching("c", PRICES, Map.of(Topic.of("price.secret"), new Position("E", 1)),
				(topic) -> {
					asked.add(topic.name());
					return !topic.name().equals("price.secret");
				}, AT_ONCE);
		publish("price.secret", "s1");
		publish("price.secret", "s2");
		publish("price.a", "a1");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("a1"));
		assertThat(client.others()).containsExactly("receipt ready pattern 1");
		assertThat(asked).containsExactly("price.secret", "price.a");
	}

	@Test
	void rule10_aWildcardNeverStandsForTopicsOfTheEngine() {
		RecordingTransport client = watching("c", new TopicPattern("**"));
		publish("_presence.room", "presence");
		publish("_user.ann.queue.x", "personal");
		publish("_queue.orders", "queue");
		publish("room", "room");

		await().untilAsserted(() -> assertThat(texts(client)).containsExactly("room"));
		RecordingTransport queues = watching("d", new TopicPattern("_queue.*"));
		publish("_queue.orders", "queue");
		await().untilAsserted(() -> assertThat(texts(queues)).containsExactly("queue"));
	}

}
