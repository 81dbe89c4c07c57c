package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.Destinations;
import dev.realtime.testing.Messages;
import dev.realtime.unread.UnreadWatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What users have read and not read: two nodes, one database, real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UnreadContract {

	private static final String PUSHED = "/realtime/unread";

	private ConfigurableApplicationContext one;

	private ConfigurableApplicationContext two;

	abstract ConfigurableApplicationContext node();

	@BeforeAll
	void start() {
		this.one = node();
		this.two = node();
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		stopDatabase();
	}

	/** After the nodes. */
	void stopDatabase() {
	}

	@AfterEach
	void nobodyIsWatchedWhoHasLeft() {
		await().untilAsserted(() -> assertThat(
				this.one.getBean(UnreadWatch.class).watching() + this.two.getBean(UnreadWatch.class).watching())
			.isZero());
	}

	private Position publish(String topic, @Nullable String sender) {
		return this.one.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.to(Topic.of(topic)).content(Content.text("text")).sender(sender).build())
			.position();
	}

	private static String topic() {
		return Messages.topic().name();
	}

	private static String json(String topic, Position latest, long unread, long read) {
		return "{\"topic\":\"" + topic + "\",\"epoch\":\"" + latest.epoch() + "\",\"unread\":" + unread + ",\"latest\":"
				+ latest.seq() + ",\"read\":" + read + '}';
	}

	private static String position(Position position) {
		return "{\"epoch\": \"" + position.epoch() + "\", \"seq\": " + position.seq() + '}';
	}

	private StompTestClient watching(ConfigurableApplicationContext node, String user, String... topics) {
		StompTestClient client = StompTestClient.connect(ChatNode.port(node), user);
		client.subscribe("badges", PUSHED, Map.of("topics", String.join(",", topics)));
		return client;
	}

	private static List<String> pushed(StompTestClient client) {
		return client.messages().stream().map(StompFrame::body).toList();
	}

	private static void awaitLast(StompTestClient client, String json) {
		await().untilAsserted(() -> assertThat(pushed(client)).isNotEmpty().last().isEqualTo(json));
	}

	@Test
	void whatIsUnreadIsToldOverHttpOnEveryNode() {
		String topic = topic();
		Position last = List.of(publish(topic, null), publish(topic, null), publish(topic, null)).get(2);

		HttpResponse<String> first = UnreadHttp.get(this.two, "ann", topic);
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
		assertThat(first.body()).isEqualTo('[' + json(topic, last, 3, 0) + ']');
		assertThat(UnreadHttp.read(this.one, "ann", topic, position(last.withSeq(2))).body())
			.isEqualTo(json(topic, last, 1, 2));
		assertThat(UnreadHttp.read(this.two, "ann", topic, position(last.withSeq(1))).body())
			.isEqualTo(json(topic, last, 1, 2));
		assertThat(UnreadHttp.get(this.two, "eve", topic).body()).isEqualTo('[' + json(topic, last, 3, 0) + ']');
		assertThat(UnreadHttp.read(this.two, "ann", topic, "").body()).isEqualTo(json(topic, last, 0, 3));
		assertThat(UnreadHttp.get(this.one, "ann", topic).body()).isEqualTo('[' + json(topic, last, 0, 3) + ']');
	}

	@Test
	void manyTopicsAreAnsweredInTheirOrder() {
		List<String> topics = IntStream.range(0, 100).mapToObj((i) -> topic()).toList();
		Position last = publish(topics.get(70), null);

		String body = UnreadHttp.get(this.one, "ann", topics.toArray(String[]::new)).body();

		assertThat(body).contains(json(topics.get(70), last, 1, 0));
		assertThat(topics.stream().map(body::indexOf)).isSorted().doesNotContain(-1);
	}

	@Test
	void allDevicesOfTheUserAreToldOnBothNodesAndNobodyElse() {
		String topic = topic();
		String other = topic();
		Position first = publish(topic, "bob");
		try (StompTestClient desk = watching(this.one, "ann", topic, other);
				StompTestClient phone = watching(this.two, "ann", topic);
				StompTestClient eve = watching(this.two, "eve", topic)) {
			awaitLast(phone, json(topic, first, 1, 0));
			awaitLast(eve, json(topic, first, 1, 0));
			await().untilAsserted(() -> assertThat(pushed(desk)).hasSize(2).contains(json(topic, first, 1, 0)));
			StompFrame frame = phone.messages().get(0);
			assertThat(frame.headers()).containsEntry("destination", PUSHED)
				.containsEntry("subscription", "badges")
				.containsEntry("content-type", "application/json")
				.doesNotContainKeys("epoch", "seq");

			Position second = publish(topic, "bob");
			awaitLast(desk, json(topic, second, 2, 0));
			awaitLast(phone, json(topic, second, 2, 0));
			awaitLast(eve, json(topic, second, 2, 0));

			UnreadHttp.read(this.two, "ann", topic, position(first));
			awaitLast(desk, json(topic, second, 1, 1));
			awaitLast(phone, json(topic, second, 1, 1));

			UnreadHttp.read(this.one, "eve", topic, "");
			awaitLast(eve, json(topic, second, 0, 2));
			assertThat(pushed(eve)).noneMatch((body) -> body.equals(json(topic, second, 1, 1)));
			assertThat(pushed(desk)).last().isEqualTo(json(topic, second, 1, 1));
		}
	}

	@Test
	void aSendSaysWhatIsReadAndIsAnsweredWhenThatIsStored() {
		String topic = topic();
		publish(topic, "bob");
		Position last = publish(topic, "bob");
		try (StompTestClient desk = StompTestClient.connectPlain(ChatNode.port(this.one), "ann");
				StompTestClient phone = watching(this.two, "ann", topic)) {
			awaitLast(phone, json(topic, last, 2, 0));
			desk.send("SEND", Map.of("destination", "/realtime/read", "topic", topic, "epoch", last.epoch(), "seq", "1",
					"receipt", "r-1"), "");
			StompFrame receipt = desk.await("the receipt", (frame) -> "r-1".equals(frame.get("receipt-id")));
			assertThat(receipt.headers()).containsEntry("topic", topic)
				.containsEntry("epoch", last.epoch())
				.containsEntry("seq", "1")
				.containsEntry("unread", "1");
			assertThat(UnreadHttp.get(this.two, "ann", topic).body()).isEqualTo('[' + json(topic, last, 1, 1) + ']');
			awaitLast(phone, json(topic, last, 1, 1));

			desk.send("SEND", Map.of("destination", "/realtime/read", "topic", topic), "");
			awaitLast(phone, json(topic, last, 0, 2));
			assertThat(desk.closeCode).isNull();
		}
	}

	@Test
	void whatUsersSayThemselvesIsNotUnread() {
		String topic = topic();
		try (StompTestClient ann = watching(this.one, "ann", topic, "said")) {
			ann.send("SEND", Map.of("destination", "/topic/" + topic, "receipt", "r-1"), "by SEND");
			ann.await("the receipt", (frame) -> "r-1".equals(frame.get("receipt-id")));
			ann.send("SEND", Map.of("destination", "/app/say", "receipt", "r-2"), "by @SendTo");
			ann.await("the receipt", (frame) -> "r-2".equals(frame.get("receipt-id")));
			this.one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/" + topic, "by the application");
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
			headers.setUser(new ChatNode.Name("ann"));
			this.one.getBean(SimpMessagingTemplate.class)
				.convertAndSend("/topic/" + topic, "for ann", headers.getMessageHeaders());

			assertThat(UnreadHttp.get(this.two, "ann", topic, "said").body()).contains("\"unread\":1,\"latest\":3")
				.contains("\"topic\":\"said\"", "\"unread\":0,\"latest\":1");
			assertThat(UnreadHttp.get(this.two, "bob", topic, "said").body()).contains("\"unread\":3,\"latest\":3",
					"\"unread\":1,\"latest\":1");
			await().untilAsserted(() -> assertThat(pushed(ann))
				.anyMatch((body) -> body.contains("\"topic\":\"" + topic + '"') && body.contains("\"unread\":1")));
			assertThat(pushed(ann)).noneMatch((body) -> body.contains("\"unread\":2"));
		}
	}

	@Test
	void aUsersOwnTopicsHaveCountsToo() {
		this.one.getBean(SimpMessagingTemplate.class).convertAndSendToUser("dan", "/queue/notices", "while offline");
		String topic = this.one.getBean(Destinations.class).personal("dan", "/queue/notices").name();

		assertThat(UnreadHttp.get(this.two, "dan", topic).body()).contains("\"unread\":1");
		assertThat(UnreadHttp.read(this.two, "dan", topic, "").body()).contains("\"unread\":0");
		assertThat(UnreadHttp.get(this.two, "eve", topic).statusCode()).isEqualTo(403);
		assertThat(UnreadHttp.read(this.two, "eve", topic, "").statusCode()).isEqualTo(403);
	}

	@Test
	void anotherListOfTopicsReplacesTheFirstAndUnsubscribeEndsIt() {
		String before = topic();
		String after = topic();
		try (StompTestClient ann = watching(this.one, "ann", before)) {
			await().untilAsserted(() -> assertThat(pushed(ann)).hasSize(1));
			ann.send("SUBSCRIBE", Map.of("id", "badges", "destination", PUSHED, "topics", after), "");
			await().untilAsserted(() -> assertThat(pushed(ann)).hasSize(2));
			publish(before, null);
			Position last = publish(after, null);
			awaitLast(ann, json(after, last, 1, 0));
			assertThat(pushed(ann)).hasSize(3);

			ann.send("UNSUBSCRIBE", Map.of("id", "badges", "receipt", "r-u"), "");
			ann.await("the receipt", (frame) -> "r-u".equals(frame.get("receipt-id")));
			await().untilAsserted(() -> assertThat(this.one.getBean(UnreadWatch.class).watching()).isZero());
		}
	}

}
