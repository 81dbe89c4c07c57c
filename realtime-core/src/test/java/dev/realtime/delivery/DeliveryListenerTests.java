package dev.realtime.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Overflow;
import dev.realtime.Publication;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Disconnects;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.hub.VirtualHubFixture;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of deliveries, and of connections that end. */
class DeliveryListenerTests extends VirtualHubFixture<MemoryBroker> {

	private final List<Long> told = new ArrayList<>();

	DeliveryListenerTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
	}

	@Test
	void aMessageIsToldOnceHoweverManySubscribersTheShardHas() {
		this.hub.stats().onDelivered((message) -> this.told.add(message.seq()));
		for (int i = 0; i < 20; i++) {
			RecordingTransport unused = subscribed("client-" + i);
		}

		for (long seq = 1; seq <= 3; seq++) {
			publish(1);
			settle();
		}

		assertThat(this.told).containsExactly(1L, 2L, 3L);
	}

	@Test
	void aMessageWithoutSubscribersIsNotTold() {
		this.hub.stats().onDelivered((message) -> this.told.add(message.seq()));
		RecordingTransport unused = subscribed("leaves");
		connection("leaves").closed();
		settle();

		publish(1);
		settle();

		assertThat(this.told).isEmpty();
	}

	@Test
	void eachMessageWithATraceIsToldOnceTogetherWithThoseOfItsRun() {
		List<List<Long>> runs = new ArrayList<>();
		this.hub.stats().onTraced((messages) -> {
			runs.add(messages.stream().map(TopicMessage::seq).toList());
			messages.forEach((message) -> this.told.add(message.seq()));
		});
		for (int i = 0; i < 40; i++) {
			RecordingTransport unused = subscribed("client-" + i);
		}

		for (int i = 1; i <= 6; i++) {
			Publication message = Publication.of(ROOM, Content.text("m"));
			this.broker.publish(
					(i % 3 == 0) ? message : message.traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
					this.policies.of(ROOM));
		}
		settle();

		assertThat(this.told).containsExactly(1L, 2L, 4L, 5L);
		assertThat(runs).hasSizeLessThan(4);
	}

	/**
	 * Enough subscribers that messages wait for each other, and none joins another's run.
	 */
	@Test
	void rule9_aListenerThatThrowsKeepsNoMessageFromSubscribers() {
		this.hub.stats().onDelivered(DeliveryListenerTests::fail);
		List<RecordingTransport> clients = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			clients.add(subscribed("client-" + i));
		}

		for (int i = 1; i <= 6; i++) {
			Publication.Builder message = Publication.to(ROOM).content(Content.text("m"));
			this.broker.publish(((i % 2 == 0) ? message.excludeSession("elsewhere") : message).build(),
					this.policies.of(ROOM));
		}
		settle();

		assertThat(clients).allSatisfy((client) -> assertThat(seqs(client))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, 6).boxed().toList()));
	}

	@Test
	void aConnectionThatEndsIsCountedOnceByWhy() {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(4, 64 * 1024, Overflow.DISCONNECT).build());
		RecordingTransport left = subscribed("left");
		RecordingTransport slow = subscribed("slow");
		RecordingTransport refused = subscribed("refused");
		connection("left").closed();
		connection("refused").close(CloseReason.policy("bad-credentials"));
		slow.stopReading();
		for (int i = 0; i < 20; i++) {
			publish(1);
			settle();
		}
		pass(Duration.ofSeconds(3));

		Disconnects disconnects = this.hub.stats().disconnects();
		assertThat(disconnects.count(Disconnects.CLIENT)).isOne();
		assertThat(disconnects.count("slow-consumer")).isOne();
		assertThat(disconnects.count(Disconnects.OTHER)).isOne();
		long all = 0;
		for (String reason : disconnects.reasons()) {
			all += disconnects.count(reason);
		}
		assertThat(all).isEqualTo(3);
		assertThat(List.of(left, refused)).isNotEmpty();
	}

	private static void fail(TopicMessage message) {
		throw new AssertionError("on purpose: " + message.seq());
	}

	private static List<Long> seqs(RecordingTransport client) {
		return client.frames.stream()
			.map((frame) -> frame.split(" ", -1))
			.filter((words) -> words[0].equals("message"))
			.map((words) -> Long.parseLong(words[2]))
			.toList();
	}

}
