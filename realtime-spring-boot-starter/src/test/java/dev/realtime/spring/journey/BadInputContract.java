package dev.realtime.spring.journey;

import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Each mistake gets a sentence that says what was wrong, and disturbs nobody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadInputContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	private final StompTestClient bystander;

	private int sent;

	BadInputContract(String... properties) {
		this.node = ChatNode.startAlone(properties);
		this.port = ChatNode.port(this.node);
		this.bystander = StompTestClient.connect(this.port, "bystander");
	}

	@BeforeEach
	void bystanderListens() {
		if (this.sent == 0) {
			this.bystander.subscribe("sub-0", "/topic/room.quiet");
		}
	}

	@AfterEach
	void nothingElseNotices() {
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.quiet", "still here");
		this.sent++;
		await().untilAsserted(() -> assertThat(this.bystander.messages()).hasSize(this.sent));
		assertThat(this.bystander.closeCode).isNull();
		assertThat(this.bystander.frames()).noneMatch((frame) -> frame.command().equals("ERROR"));
	}

	@AfterAll
	void stop() {
		this.bystander.close();
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			x                          | positions looks like /topic/price.a=7QX2M0A9BC-12
			/topic/price.a=7QX2        | positions looks like
			/topic/price.a=7QX2-x      | positions
			/topic/price.%a=7QX2-1     | positions looks like
			/topic/other.a=7QX2-1      | positions names "other.a"
			/topic/price.a=-1          | An epoch has 1 to 32 characters
			/price.a=7QX2-1            | a destination looks like
			""")
	void anIllegalPositionOfATopicIsDeniedWithWhatIsWrong(String positions, String what) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/topic/price.*", "positions", positions), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).contains(what);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/topic/room\\n42          | control character U+000A at index 4
			/topic/                   | nothing follows the prefix
			/topic/room.4*            | * stands for one whole segment
			/topic/**/room            | * stands for one whole segment
			/topic/_presence.room.*   | a subscription to joins and leaves cannot have wildcards
			/topic/#                  | # is not a wildcard here: a final ** stands for
			/topic/price.#            | # is not a wildcard
			/topic/price.#.eu         | # is not a wildcard
			/user/queue/price.*       | The destinations of a user have no wildcards
			/topic/_presence.other.1  | Presence is off
			""")
	void anIllegalTopicIsDeniedWithWhatIsWrong(String destination, String what) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", destination, "receipt", "r1"), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).contains(what);
			assertThat(denied.headers()).containsEntry("receipt-id", "r1").containsEntry("subscription-id", "s1");
			client.subscribe("s1", "/topic/room.fine");
		}
	}

	@Test
	void anOrdinaryClientGetsAnErrorInsteadAndIsClosed() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/topic/room\\n42", "receipt", "r1"), "");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).contains("Illegal topic name").doesNotContain("Exception");
			assertThat(error.headers()).containsEntry("receipt-id", "r1");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			abc  | AAAA  | last-seq must be a whole number from 0 up, not "abc"
			-1   | AAAA  | last-seq must be a whole number from 0 up, not "-1"
			9999999999999999999999 | AAAA | last-seq must be a whole number
			1    | a b   | An epoch has 1 to 32 characters
			""")
	void aMalformedPositionIsDenied(String lastSeq, String epoch, String what) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SUBSCRIBE",
					Map.of("id", "s1", "destination", "/topic/room.1", "last-seq", lastSeq, "epoch", epoch), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).contains(what);
		}
	}

	@Test
	void anUnknownEpochIsNotRecovered() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			StompFrame receipt = client.subscribe("s1", "/topic/room.1", Map.of("epoch", "UNKNOWN", "last-seq", "7"));
			assertThat(receipt.headers()).containsEntry("recovered", "false").containsEntry("reason", "epoch-changed");
		}
	}

	@Test
	void aSubscribeWithoutIdIsDenied() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("destination", "/topic/room.1"), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).isEqualTo("SUBSCRIBE needs an id header");
		}
	}

	@Test
	void aSubscriptionIdThatIsInUseIsDeniedAndTheFirstGoesOn() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.subscribe("s1", "/topic/room.first");
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/topic/room.second"), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("reason")).isEqualTo("duplicate-id");
			this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.first", "one");
			client.await("the message", StompFrame::isMessage);
		}
	}

	@Test
	void rule8_moreSubscriptionsThanAllowedAreDenied() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			for (int i = 0; i < 3; i++) {
				client.subscribe("s" + i, "/topic/room." + i);
			}
			client.send("SUBSCRIBE", Map.of("id", "s3", "destination", "/topic/room.3"), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("message")).contains("at most 3");
		}
	}

	@Test
	void rule8_moreConnectionsOfOneUserThanAllowedAreRefused() {
		try (StompTestClient first = StompTestClient.connect(this.port, "many");
				StompTestClient second = StompTestClient.connect(this.port, "many");
				StompTestClient third = StompTestClient.open(this.port)) {
			third.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", "many"), "");
			StompFrame error = third.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).contains("2 connections already");
			await().untilAsserted(() -> assertThat(third.closeCode).isEqualTo(1008));
			assertThat(first.closeCode).isNull();
			assertThat(second.closeCode).isNull();
		}
	}

	@Test
	void aFrameBeforeConnectIsAnErrorThatSaysSo() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/topic/room.1"), "");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).isEqualTo("Send CONNECT first, and wait for CONNECTED");
		}
	}

	@Test
	void aFrameThatIsNoStompIsAnError() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.raw("HELLO WORLD\n\n\0");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).doesNotContain("Exception").doesNotContain("\tat ");
		}
	}

	@Test
	void aFrameJustBelowTheLimitPasses() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.subscribe("s1", "/topic/room.large");
			client.send("SEND", Map.of("destination", "/topic/room.large"), "x".repeat(65_000));
			assertThat(client.await("the message", StompFrame::isMessage).body()).hasSize(65_000);
		}
	}

	@Test
	void rule8_anOversizedFrameEndsTheConnection() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.send("SEND", Map.of("destination", "/topic/room.1"), "x".repeat(40_000));
			client.raw("SEND\ndestination:/topic/room.1\n\n" + "x".repeat(60_000));
			client.raw("y".repeat(60_000));
			client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			await().untilAsserted(() -> assertThat(client.closeCode).isNotNull());
		}
	}

	@Test
	void rule8_anOversizedHeaderIsRefused() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.send("SUBSCRIBE", Map.of("id", "s1", "destination", "/topic/room.1", "x", "y".repeat(5_000)), "");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).contains("is larger than 4096");
		}
	}

	@Test
	void aSendToATopicThatClientsMayNotPublishToIsDenied() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SEND", Map.of("destination", "/topic/news", "receipt", "r1"), "spam");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.header("reason")).isEqualTo("client-publish");
			client.send("SEND", Map.of("destination", "/user/ann/queue/news"), "spam");
			client.await("denied", (frame) -> frame.isEvent("denied")
					&& "/user/ann/queue/news".equals(frame.get("refused-destination")));
		}
	}

	@Test
	void aSendThatIsAllowedIsAnsweredWithItsPosition() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.subscribe("s1", "/topic/room.open");
			client.send("SEND", Map.of("destination", "/topic/room.open", "receipt", "r1", "id", "mine", "type", "say",
					"x-color", "red", "content-type", "text/plain"), "hello");
			StompFrame receipt = client.await("receipt", (frame) -> "r1".equals(frame.get("receipt-id")));
			StompFrame message = client.await("message", StompFrame::isMessage);
			assertThat(receipt.header("seq")).isEqualTo(message.header("seq"));
			assertThat(message.headers()).containsEntry("id", "mine")
				.containsEntry("type", "say")
				.doesNotContainKeys("receipt", "login", "x-color");
		}
	}

}
