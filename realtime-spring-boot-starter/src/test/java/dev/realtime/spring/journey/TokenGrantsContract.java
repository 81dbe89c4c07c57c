package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a token grants, asked through all doors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TokenGrantsContract {

	private static final Map<String, Object> TOPICS = Map.of("topics",
			Map.of("read", List.of("room.1", "room.2"), "publish", List.of("room.1"), "members", List.of("room.1")));

	private static final Map<String, Object> DETAILS = Map.of("authorization_details",
			List.of(Map.of("type", "realtime", "actions", List.of("read", "publish", "members"), "topics",
					List.of("room.1")),
					Map.of("type", "realtime", "actions", List.of("read"), "topics", List.of("room.2"))));

	private final ConfigurableApplicationContext node;

	private final int port;

	private final int webPort;

	TokenGrantsContract(String... properties) {
		this.node = GrantsNode.start(Stream
			.of(new String[] { "realtime.security.token-grants=true", "realtime.security.tickets=true" }, properties)
			.flatMap(Stream::of)
			.toArray(String[]::new));
		this.port = ChatNode.port(this.node);
		this.webPort = ChatNode.webPort(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rule10_whatATokenNamesIsGrantedAtAllDoorsAndNothingElse(boolean simple) {
		String token = TokenNode.TOKENS.tokenWith("ann", simple ? TOPICS : DETAILS);
		try (StompTestClient ann = connected(token)) {
			assertRights(ann, token);
		}
	}

	@Test
	void rule10_aTicketKeepsWhatItsTokenGrants() {
		String token = TokenNode.TOKENS.tokenWith("ann", TOPICS);
		HttpResponse<String> answer = Polls.ask(this.webPort, "POST", "/realtime/ticket", "", bearer(token));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		try (StompTestClient ann = StompTestClient.open(this.port)) {
			ann.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1", "ticket",
					String.valueOf(Polls.json(answer).get("ticket"))), "");
			await().until(() -> !ann.frames().isEmpty());
			assertThat(ann.frames().get(0).command()).as("%s", ann.frames()).isEqualTo("CONNECTED");
			assertSubscribes(ann, "room.1", true);
			assertSubscribes(ann, "room.3", false);
		}
	}

	@Test
	void rule10_aTokenWhoseClaimsAreNotUnderstoodConnectsNowhere() {
		String token = TokenNode.TOKENS.tokenWith("ann", Map.of("topics", List.of("room.1", "a*")));
		try (StompTestClient ann = StompTestClient.open(this.port)) {
			connect(ann, token);
			await().until(() -> ann.closeCode != null);
			assertThat(ann.closeCode).isEqualTo(1008);
			assertThat(ann.closeReason).isEqualTo("bad-grants");
			assertThat(ann.frames()).singleElement()
				.satisfies((frame) -> assertThat(frame.header("message"))
					.startsWith("The token's claims about topics are not understood: "));
		}
		for (HttpResponse<String> answer : List.of(Polls.poll(this.port, "topic=room.1", bearer(token)),
				Polls.ask(this.port, "GET", "/realtime/sse?topic=room.1", "", bearer(token)),
				Polls.send(this.port, "destination=/topic/room.1", "x", bearer(token)))) {
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
			assertThat(Polls.json(answer)).containsEntry("reason", "bad-grants");
		}
		assertThat(Polls.ask(this.webPort, "GET", "/realtime/topics/room.1/messages", "", bearer(token)).statusCode())
			.isEqualTo(403);
		assertThat(Polls.ask(this.webPort, "POST", "/realtime/ticket", "", bearer(token)).statusCode()).isEqualTo(403);
	}

	@Test
	void aTokenThatSaysNothingAboutTopicsIsDecidedByTheRules() {
		String token = TokenNode.TOKENS.token("ann");
		try (StompTestClient ann = connected(token)) {
			assertSubscribes(ann, "room.1", true);
			assertSubscribes(ann, "room.3", true);
		}
	}

	private void assertRights(StompTestClient ann, String token) {
		assertSubscribes(ann, "room.1", true);
		assertSubscribes(ann, "room.2", true);
		assertSubscribes(ann, "room.3", false);
		assertSubscribes(ann, "_presence.room.1", true);
		assertSubscribes(ann, "_presence.room.2", false);
		assertSends(ann, "room.1", true);
		assertSends(ann, "room.2", false);
		ann.send("SUBSCRIBE", Map.of("id", "own", "destination", "/user/queue/x", "receipt", "own"), "");
		ann.await("the receipt", (frame) -> "own".equals(frame.get("receipt-id")) && !frame.isEvent("denied"));
		for (String topic : List.of("room.1", "room.2", "room.3")) {
			boolean reads = !topic.equals("room.3");
			assertThat(Polls.poll(this.port, "topic=" + topic, bearer(token)).body()).as(topic)
				.contains(reads ? "\"event\":\"subscribed\"" : "\"event\":\"denied\"");
			assertThat(Polls.ask(this.webPort, "GET", "/realtime/topics/" + topic + "/messages", "", bearer(token))
				.statusCode()).as(topic).isEqualTo(reads ? 200 : 403);
			assertThat(Polls.ask(this.webPort, "GET", "/realtime/topics/" + topic + "/presence", "", bearer(token))
				.statusCode()).as(topic).isEqualTo(topic.equals("room.1") ? 200 : 403);
			assertThat(Polls.send(this.port, "destination=/topic/" + topic, "x", bearer(token)).statusCode()).as(topic)
				.isEqualTo(topic.equals("room.1") ? 200 : 403);
		}
	}

	private static void assertSubscribes(StompTestClient client, String topic, boolean granted) {
		client.send("SUBSCRIBE", Map.of("id", topic, "destination", "/topic/" + topic, "receipt", "s-" + topic), "");
		StompFrame answer = client.await("an answer for " + topic,
				(frame) -> ("s-" + topic).equals(frame.get("receipt-id")));
		assertThat(!answer.isEvent("denied")).as("%s: %s", topic, answer).isEqualTo(granted);
	}

	private static void assertSends(StompTestClient client, String topic, boolean granted) {
		client.send("SEND", Map.of("destination", "/topic/" + topic, "receipt", "m-" + topic), "x");
		StompFrame answer = client.await("an answer for " + topic,
				(frame) -> ("m-" + topic).equals(frame.get("receipt-id")));
		assertThat(!answer.isEvent("denied")).as("%s: %s", topic, answer).isEqualTo(granted);
	}

	private StompTestClient connected(String token) {
		StompTestClient client = StompTestClient.open(this.port);
		connect(client, token);
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private static void connect(StompTestClient client, String token) {
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1", "Authorization",
				"Bearer " + token), "");
	}

	private static String[] bearer(String token) {
		return new String[] { "Authorization", "Bearer " + token };
	}

}
