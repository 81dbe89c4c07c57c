package dev.realtime.spring.journey;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who is refused what about read positions, over HTTP and STOMP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadRefusalsIT {

	private static final String PUSHED = "/realtime/unread";

	private static final String PART = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

	/** Longer than a name may be. */
	private static final String LONG = PART + PART + PART + PART + "x";

	private final ConfigurableApplicationContext node = UnreadNode.start(RedisServer.shared().port(),
			"jdbc:h2:mem:refusals;DB_CLOSE_DELAY=-1");

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', nullValues = "-", value = {
			"-   | lobby      | ''                     | 401 | Log in first",
			"ann | eve-secret | ''                     | 403 | You may not read topic \"eve-secret\"",
			"ann | fleeting.x | ''                     | 404 | is not kept in the database",
			"ann | " + LONG + " | ''                    | 400 | Illegal topic name",
			"ann | lobby      | {\"epoch\":\"A\"       | 400 | the body must be a JSON object",
			"ann | lobby      | [1]                    | 400 | the body must be a JSON object",
			"ann | lobby      | {\"epoch\":\"A\"}      | 400 | give both",
			"ann | lobby      | {\"seq\":1}            | 400 | give both",
			"ann | lobby      | {\"epoch\":1,\"seq\":1} | 400 | epoch must be a string",
			"ann | lobby      | {\"epoch\":\"A\",\"seq\":-1} | 400 | seq must be a whole number",
			"ann | lobby      | {\"epoch\":\"A\",\"seq\":1.5} | 400 | seq must be a whole number",
			"ann | lobby      | {\"epoch\":\"A\",\"seq\":99999999999999999999} | 400 | seq must be a whole number",
			"ann | lobby      | {\"epoch\":\"a b\",\"seq\":1} | 400 | An epoch has" })
	void aReadThatIsRefusedIsToldWhy(@Nullable String user, String topic, String body, int status, String detail) {
		HttpResponse<String> answer = UnreadHttp.read(this.node, user, topic, body);

		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(answer.body().replace("\\\"", "\"")).contains(detail);
	}

	@Test
	void aBodyThatIsNoJsonIsNotTakenForNone() {
		HttpResponse<String> form = UnreadHttp.send(this.node, "ann",
				HttpRequest.newBuilder()
					.header("Content-Type", "application/x-www-form-urlencoded")
					.POST(HttpRequest.BodyPublishers.ofString("{\"epoch\":\"A\",\"seq\":1}")),
				"/realtime/topics/lobby/read");
		assertThat(form.statusCode()).isEqualTo(400);
		assertThat(form.body()).contains("application/json");
		assertThat(UnreadHttp.read(this.node, "ann", "lobby", " ".repeat(5_000)).body()).contains("at most 4096 bytes");
		HttpResponse<String> none = UnreadHttp.send(this.node, "ann",
				HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), "/realtime/topics/lobby/read");
		assertThat(none.statusCode()).isEqualTo(200);
	}

	@Test
	void aQuestionThatIsRefusedIsToldWhy() {
		assertThat(UnreadHttp.get(this.node, null, "lobby").statusCode()).isEqualTo(401);
		assertThat(UnreadHttp.get(this.node, "ann", "lobby", "eve-secret").statusCode()).isEqualTo(403);
		assertThat(UnreadHttp.get(this.node, "ann", "lobby", "fleeting.x").statusCode()).isEqualTo(404);
		assertThat(UnreadHttp.get(this.node, "ann", "_presence.lobby").statusCode()).isEqualTo(403);
		assertThat(UnreadHttp.get(this.node, "ann").body()).contains("at least one topic");
		assertThat(UnreadHttp
			.get(this.node, "ann", IntStream.range(0, 101).mapToObj((i) -> "t." + i).toArray(String[]::new))
			.body()).contains("at most 100 topics");
	}

	@Test
	void framesThatAreRefusedAreToldWhy() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.node), "ann");
				StompTestClient nobody = StompTestClient.open(ChatNode.port(this.node));
				StompTestClient plain = StompTestClient.connectPlain(ChatNode.port(this.node), "ann")) {
			denied(ann, "no-access", "SEND", Map.of("destination", "/realtime/read", "topic", "eve-secret"));
			denied(ann, "no-read-positions", "SEND", Map.of("destination", "/realtime/read", "topic", "fleeting.x"));
			denied(ann, "bad-read", "SEND", Map.of("destination", "/realtime/read"));
			denied(ann, "bad-read", "SEND",
					Map.of("destination", "/realtime/read", "topic", "lobby", "epoch", "A", "seq", "x"));
			denied(ann, "bad-read", "SEND", Map.of("destination", "/realtime/read", "topic", "lobby", "seq", "1"));
			denied(ann, "bad-read", "SUBSCRIBE", Map.of("id", "b", "destination", PUSHED));
			denied(ann, "no-access", "SUBSCRIBE",
					Map.of("id", "b", "destination", PUSHED, "topics", "lobby,eve-secret"));
			assertThat(ann.closeCode).isNull();

			nobody.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			nobody.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			denied(nobody, "no-user", "SEND", Map.of("destination", "/realtime/read", "topic", "lobby"));
			denied(nobody, "no-user", "SUBSCRIBE", Map.of("id", "b", "destination", PUSHED, "topics", "lobby"));

			plain.send("SEND", Map.of("destination", "/realtime/read", "topic", "eve-secret"), "");
			plain.await("the ERROR", (frame) -> frame.command().equals("ERROR"));
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1008));
		}
	}

	@Test
	void rule10_whatIsUnreadIsToldNoLongerWhenTheTopicMayNotBeReadAnyMore() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.node), "ann")) {
			ann.send("SUBSCRIBE", Map.of("id", "u", "destination", PUSHED, "topics", "lobby,hall", "receipt", "u"), "");
			ann.await("the receipt", (frame) -> "u".equals(frame.get("receipt-id")));
			UnreadNode.CLOSED.add("hall");
			this.node.getBean(RealtimeSessions.class).recheckUser("ann").toCompletableFuture().join();
			StompFrame denied = ann.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("reason")).isEqualTo("revoked");
			assertThat(denied.header("subscription-id")).isEqualTo("u");
			assertThat(denied.header("refused-destination")).isEqualTo(PUSHED);
			UnreadNode.CLOSED.clear();
			ann.send("SUBSCRIBE", Map.of("id", "u", "destination", PUSHED, "topics", "lobby", "receipt", "v"), "");
			ann.await("the receipt", (frame) -> "v".equals(frame.get("receipt-id")));
		}
		finally {
			UnreadNode.CLOSED.clear();
		}
	}

	@Test
	void rule10_whoMayNotReadNeitherSubscribesNorTypes() {
		Map<String, String> typing = Map.of("destination", "/realtime/typing", "topic", "eve-secret", "typing", "true");
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.node), "ann");
				StompTestClient other = StompTestClient.connect(ChatNode.port(this.node), "eve");
				StompTestClient eve = StompTestClient.connect(ChatNode.port(this.node), "eve")) {
			denied(ann, "no-access", "SEND", typing);
			denied(ann, "no-access", "SUBSCRIBE", Map.of("id", "sub-0", "destination", "/topic/eve-secret"));
			assertThat(ann.closeCode).isNull();
			other.subscribe("sub-0", "/topic/eve-secret");
			eve.send("SEND", typing, "");
			other.await("eve, who may read", (frame) -> "eve".equals(frame.get("user")));
		}
	}

	private static void denied(StompTestClient client, String reason, String command, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		String receipt = "r-" + System.nanoTime();
		all.put("receipt", receipt);
		client.send(command, all, "");
		StompFrame denied = client.await("the refusal",
				(frame) -> frame.isEvent("denied") && receipt.equals(frame.get("receipt-id")));
		assertThat(denied.header("reason")).as(denied.header("message")).isEqualTo(reason);
		assertThat(denied.header("refused-destination")).isEqualTo(headers.get("destination"));
	}

	@Test
	void aConnectionHasABoundedNumberOfSuchSubscriptions() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.node), "ann")) {
			for (int i = 0; i < 10; i++) {
				ann.subscribe("b-" + i, PUSHED, Map.of("topics", "lobby"));
			}
			denied(ann, "bad-read", "SUBSCRIBE", Map.of("id", "one more", "destination", PUSHED, "topics", "lobby"));
			ann.send("UNSUBSCRIBE", Map.of("id", "b-3"), "");
			ann.subscribe("one more", PUSHED, Map.of("topics", "lobby"));
		}
	}

}
