package dev.realtime.spring.journey;

import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.security.SubscriptionTokens;
import dev.realtime.spring.sessions.RealtimeSessions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tokens for one subscription, where no rule names the topics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SubscriptionTokensContract {

	private static final String SECRET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

	private static final String OTHER_SECRET = "b3RoZXI1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

	private static final Duration LONG = Duration.ofMinutes(5);

	private final ConfigurableApplicationContext node;

	private final int port;

	SubscriptionTokensContract(String... properties) {
		this.node = ChatNode.startAlone(Stream
			.of(new String[] { "realtime.security.subscription-secret=" + SECRET, "realtime.unknown-topics=refuse",
					"realtime.topics.rooms.read=authenticated", "realtime.topics.closed.pattern=closed.*",
					"realtime.topics.closed.read=nobody", "realtime.presence.grace=0s" }, properties)
			.flatMap(Arrays::stream)
			.toArray(String[]::new));
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aTokenLetsItsUserSubscribeToItsTopics() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient stranger = StompTestClient.open(this.port)) {
			assertThat(subscribe(ann, "order.1", null)).isEqualTo("unknown-topic");
			assertThat(subscribe(ann, "order.1", token("ann", "order.1", LONG))).isNull();
			assertThat(subscribe(ann, "order.2", token("ann", "order.*", LONG))).isNull();
			assertThat(subscribe(ann, "case.*", token("ann", "case.*", LONG))).isNull();
			publish("order.1", "one");
			publish("order.2", "two");
			publish("case.7", "seven");
			await().untilAsserted(() -> assertThat(ann.messages()).extracting(StompFrame::body)
				.containsExactlyInAnyOrder("one", "two", "seven"));
			stranger.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			stranger.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(subscribe(stranger, "order.1", token(null, "order.1", LONG))).isNull();
			assertThat(subscribe(stranger, "order.2", token("ann", "order.2", LONG))).isEqualTo("bad-token");
		}
	}

	@Test
	void rule10_aTokenThatIsForgedExpiredOrForSomethingElseSubscribesToNothing() {
		String expired = token("ann", "order.1", Duration.ofSeconds(1));
		Instant end = Instant.now().plusSeconds(1);
		String good = token("ann", "order.1", LONG);
		String forged = token(OTHER_SECRET, "ann", "order.1");
		String unsigned = "eyJhbGciOiJub25lIn0." + good.split("\\.", -1)[1] + '.';
		await("the end of a token").until(() -> Instant.now().isAfter(end));
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			for (String bad : List.of(forged, unsigned, good + "x", "x", "a.b.c", token("bob", "order.1", LONG),
					token(null, "order.1", LONG), token("ann", "order.2", LONG), token("ann", "order.*.*", LONG),
					TokenNode.TOKENS.token("ann"))) {
				assertThat(subscribe(ann, "order.1", bad)).as(bad).isEqualTo("bad-token");
			}
			assertThat(subscribe(ann, "order.1", expired)).isEqualTo("expired");
			assertThat(subscribe(ann, "room.1", forged)).as("also where a rule grants it").isEqualTo("bad-token");
			assertThat(subscribe(ann, "closed.1", token("ann", "closed.1", LONG))).isEqualTo("no-access");
			assertThat(subscribe(ann, "other.*", token("ann", "order.*", LONG))).isEqualTo("bad-token");
			assertThat(subscribe(ann, "_presence.room.1", token("ann", "room.1", LONG))).isEqualTo("bad-token");
			publish("order.1", "not for ann");
			assertThat(subscribe(ann, "order.1", good)).isNull();
			publish("order.1", "for ann");
			ann.await("a message", StompFrame::isMessage);
			assertThat(ann.messages()).extracting(StompFrame::body).containsExactly("for ann");
		}
	}

	@Test
	void rule10_aSubscriptionEndsWhenItsTokenExpiresAndGoesOnWithAnother() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient plain = StompTestClient.connectPlain(this.port, "ann");
				EventStream stream = EventStream.open(this.port, "login=ann&topic=order.3&topic=order.4&topic=room.1"
						+ tokenParameter("order.3", Duration.ofSeconds(2)) + tokenParameter("order.4", LONG))) {
			assertThat(stream.events("denied")).isEmpty();
			assertThat(subscribe(ann, "order.3", token("ann", "order.3", Duration.ofSeconds(2)))).isNull();
			assertThat(subscribe(ann, "order.4", token("ann", "order.4", LONG))).isNull();
			assertThat(subscribe(plain, "order.3", token("ann", "order.3", Duration.ofSeconds(2)))).isNull();
			this.node.getBean(RealtimeSessions.class).recheckAll().toCompletableFuture().join();
			publish("order.3", "before");
			ann.await("a message", (frame) -> frame.body().equals("before"));
			StompFrame denied = ann.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("reason")).isEqualTo("expired");
			assertThat(denied.header("subscription-id")).isEqualTo("order.3");
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1008));
			assertThat(plain.closeReason).isEqualTo("expired");
			await().untilAsserted(() -> assertThat(stream.events("denied")).singleElement()
				.satisfies((event) -> assertThat(event.json()).containsEntry("reason", "expired")
					.containsEntry("topic", "order.3")));
			publish("order.3", "between");
			publish("order.4", "other");
			ann.await("the other one's", (frame) -> frame.body().equals("other"));
			assertThat(ann.messages()).extracting(StompFrame::body).doesNotContain("between");
			assertThat(subscribe(ann, "order.3", token("ann", "order.3", LONG))).isNull();
			publish("order.3", "after");
			ann.await("a message", (frame) -> frame.body().equals("after"));
			assertThat(ann.frames()).filteredOn((frame) -> frame.isEvent("denied")).hasSize(1);
		}
	}

	@Test
	void aSubscriptionThatHasEndedBeforeIsNotEndedAgain() {
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann")) {
			assertThat(subscribe(ann, "room.2", token("ann", "room.2", Duration.ofSeconds(1)))).isNull();
			ann.send("UNSUBSCRIBE", Map.of("id", "room.2", "receipt", "u"), "");
			ann.await("the receipt", (frame) -> "u".equals(frame.get("receipt-id")));
			assertThat(subscribe(ann, "room.2", null)).isNull();
			await().during(Duration.ofMillis(1_500))
				.until(() -> ann.frames().stream().noneMatch((frame) -> frame.isEvent("denied")));
		}
	}

	@Test
	void aPollBringsItsTokens() {
		HttpResponse<String> good = Polls.poll(this.port, "login=ann&topic=order.5" + tokenParameter("order.5", LONG));
		assertThat(good.body()).contains("\"event\":\"subscribed\"");
		assertThat(Polls
			.poll(this.port, "login=ann&topic=order.5&subscription-token=" + token(OTHER_SECRET, "ann", "order.5"))
			.body()).contains("bad-token");
		assertThat(Polls.poll(this.port, "login=bob&topic=order.5" + tokenParameter("order.5", LONG)).body())
			.contains("bad-token");
	}

	@Test
	void whatIsMissingIsReadWithTheToken() {
		int web = ChatNode.webPort(this.node);
		String path = "/realtime/topics/messages?topic=order.6";
		publish("order.6", "kept");
		assertThat(Polls.ask(web, "GET", path, "").statusCode()).isEqualTo(403);
		HttpResponse<String> read = Polls.ask(web, "GET", path + "&subscription-token=" + token(null, "order.6", LONG),
				"");
		assertThat(read.statusCode()).isEqualTo(200);
		assertThat(read.body()).contains("kept");
		for (String token : List.of(token(null, "order.7", LONG), token("ann", "order.6", LONG), "x")) {
			assertThat(Polls.ask(web, "GET", path + "&subscription-token=" + token, "").statusCode()).isEqualTo(403);
		}
		assertThat(
				Polls
					.ask(web, "GET",
							"/realtime/topics/snapshot?topic=order.6&subscription-token="
									+ token(null, "order.6", LONG),
							"")
					.statusCode())
			.as("no provider")
			.isEqualTo(404);
	}

	@Test
	void rule3_theJavaScriptClientGoesOnWithAnotherTokenAndLacksNothing() throws Exception {
		boolean netty = this.port != ChatNode.webPort(this.node);
		Process script = new ProcessBuilder("node", "src/test/js/subscription-tokens-client.mjs",
				"ws://localhost:" + this.port + "/realtime",
				"http://localhost:" + ChatNode.webPort(this.node) + "/realtime",
				netty ? "websocket" : "websocket,sse,poll", token("ann", "order.js", Duration.ofSeconds(4)),
				token("ann", "order.*", LONG))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = script.inputReader()) {
			await("the script's end").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(30)).until(() -> {
				publish("order.js", "x");
				return !script.isAlive();
			});
			String exact = "{\"tokens\":2,\"exact\":true}";
			assertThat(output.lines().toList()).containsExactly(netty ? "{\"websocket\":" + exact + '}'
					: "{\"websocket\":" + exact + ",\"sse\":" + exact + ",\"poll\":" + exact + '}');
		}
		finally {
			script.destroyForcibly();
		}
	}

	private String tokenParameter(String topic, Duration duration) {
		return "&subscription-token=" + token("ann", topic, duration);
	}

	private String token(@Nullable String user, String topic, Duration duration) {
		return this.node.getBean(SubscriptionTokens.class).issue(user, topic, duration);
	}

	private static String token(String secret, String user, String topic) {
		try (ConfigurableApplicationContext other = ChatNode
			.startAlone("realtime.security.subscription-secret=" + secret)) {
			return other.getBean(SubscriptionTokens.class).issue(user, topic, LONG);
		}
	}

	/** Returns why it is refused, or null. */
	private static @Nullable String subscribe(StompTestClient client, String topic, @Nullable String token) {
		String receipt = "r-" + client.frames().size() + '-' + topic;
		Map<String, String> headers = new HashMap<>(
				Map.of("id", topic, "destination", "/topic/" + topic, "receipt", receipt));
		if (token != null) {
			headers.put("subscription-token", token);
		}
		client.send("SUBSCRIBE", headers, "");
		StompFrame answer = client.await("an answer for " + topic, (frame) -> receipt.equals(frame.get("receipt-id")));
		return answer.get("reason");
	}

	private void publish(String topic, String text) {
		this.node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of(topic), Content.text(text)));
	}

}
