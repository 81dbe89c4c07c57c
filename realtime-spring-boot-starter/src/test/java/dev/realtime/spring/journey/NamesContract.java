package dev.realtime.spring.journey;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.testing.OddNames;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics with names that existing applications have, over every transport. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NamesContract {

	private ConfigurableApplicationContext node;

	private int port;

	/** A node with its log in a database and presence everywhere. */
	abstract ConfigurableApplicationContext node();

	static List<String> names() {
		return OddNames.all("x");
	}

	/** Those that leave room for something before or behind them. */
	static List<String> shortNames() {
		return names().stream().filter((name) -> name.length() < 60).toList();
	}

	@BeforeAll
	void start() {
		this.node = node();
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	/** All names are on one node: a number above 1 would be another topic's message. */
	@ParameterizedTest
	@MethodSource("names")
	void aNameIsOneTopicOnEveryTransport(String name) {
		String topic = Topic.fromDestination(name).name();
		String query = "topic=" + encoded(topic);
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				EventStream events = EventStream.open(this.port, query)) {
			StompFrame receipt = ann.subscribe("s", escaped("/topic/" + name));
			assertThat(receipt.headers()).containsEntry("topic", topic).containsEntry("seq", "0");
			ann.send("SEND",
					Map.of("destination", escaped("/topic/" + name), "content-type", "text/plain", "receipt", "sent"),
					"hello");
			StompFrame sent = ann.await("the receipt", (frame) -> "sent".equals(frame.get("receipt-id")));
			assertThat(sent.headers()).containsEntry("topic", topic).containsEntry("seq", "1");
			StompFrame message = ann.await("the message", StompFrame::isMessage);
			assertThat(message.headers()).containsEntry("destination", "/topic/" + name).containsEntry("seq", "1");
			assertThat(events.await("message").json()).containsEntry("topic", topic).containsEntry("payload", "hello");
		}
		assertThat(Polls.events(Polls.poll(this.port, query + "&rewind=5")))
			.filteredOn((event) -> "message".equals(event.get("event")))
			.singleElement()
			.satisfies((event) -> assertThat(event).containsEntry("topic", topic).containsEntry("seq", 1));
		assertThat(json(get("/realtime/topics/messages?" + query))).containsEntry("topic", topic)
			.containsEntry("latest", 1);
	}

	@ParameterizedTest
	@MethodSource("shortNames")
	void aNameHasPresence(String name) {
		String topic = Topic.fromDestination("there." + name).name();
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient watcher = StompTestClient.connect(this.port, "bob")) {
			watcher.subscribe("p", escaped("/topic/_presence.there." + name));
			ann.subscribe("s", escaped("/topic/there." + name));
			StompFrame join = watcher.await("the join", StompFrame::isMessage);
			assertThat(join.headers()).containsEntry("destination", "/topic/_presence.there." + name);
			await().untilAsserted(() -> assertThat(get("/realtime/topics/presence?topic=" + encoded(topic)).body())
				.contains("\"user\":\"ann\""));
		}
	}

	@ParameterizedTest
	@MethodSource("shortNames")
	void aNameHasReadPositions(String name) {
		String topic = Topic.fromDestination(name).name() + 'u';
		String destination = "/topic/" + Topic.of(topic).inDestination();
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend(destination, "one");
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend(destination, "two");
		String query = "topic=" + encoded(topic);
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			ann.subscribe("u", "/realtime/unread",
					Map.of("topics", encoded(topic).replace("+", "%20") + ",other%2Cone"));
			StompFrame unread = ann.await("the count",
					(frame) -> frame.isMessage() && frame.body().contains("\"unread\":2"));
			assertThat(JsonParserFactory.getJsonParser().parseMap(unread.body())).containsEntry("topic", topic);
			assertThat(json(UnreadHttp.send(this.node, "ann",
					HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()),
					"/realtime/topics/read?" + query)))
				.containsEntry("topic", topic)
				.containsEntry("unread", 0);
			assertThat(UnreadHttp.get(this.node, "ann", encoded(topic)).body()).contains("\"unread\":0");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\u0085b", "a\u007F", "" })
	void aControlCharacterIsRefused(String name) {
		refused(name);
	}

	@Test
	void aNameOf256BytesIsRefused() {
		refused("x".repeat(256));
		refused("é".repeat(128));
	}

	private void refused(String name) {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			ann.send("SUBSCRIBE", Map.of("id", "s", "destination", escaped("/topic/" + name), "receipt", "r"), "");
			StompFrame denied = ann.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).contains("Illegal topic name");
		}
		assertThat(get("/realtime/topics/messages?topic=" + encoded(name)).statusCode()).isEqualTo(400);
		if (!name.isEmpty()) {
			assertThat(Polls.poll(this.port, "topic=" + encoded(name)).body()).contains("\"event\":\"denied\"");
		}
	}

	private HttpResponse<String> get(String path) {
		return UnreadHttp.send(this.node, "ann", HttpRequest.newBuilder(), path);
	}

	private static Map<String, Object> json(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return Polls.json(answer);
	}

	private static String encoded(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8);
	}

	private static String escaped(String header) {
		return header.replace("\\", "\\\\").replace("\n", "\\n").replace(":", "\\c");
	}

}
