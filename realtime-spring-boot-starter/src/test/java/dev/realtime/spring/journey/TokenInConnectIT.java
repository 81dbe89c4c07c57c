package dev.realtime.spring.journey;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpUserRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A JWT in CONNECT is a login: for Spring Security, presence and personal messages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenInConnectIT {

	private static final Map<String, String> LOGIN = Map.of("Authorization",
			"Basic " + Base64.getEncoder().encodeToString("handshake:secret".getBytes(StandardCharsets.UTF_8)));

	private static final Map<String, String> NO_LOGIN = Map.of();

	private final ConfigurableApplicationContext node = TokenNode.start();

	private final int port = ChatNode.port(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aGoodTokenIsWhoTheClientIs() {
		try (StompTestClient ann = connected(NO_LOGIN, TokenNode.TOKENS.token("ann"))) {
			ann.subscribe("s1", "/topic/room.ann");
			ann.subscribe("s2", "/user/queue/notices");
			SimpUserRegistry users = this.node.getBean(SimpUserRegistry.class);
			assertThat(Objects.requireNonNull(users.getUser("ann")).getSessions()).hasSize(1);
			await().untilAsserted(() -> assertThat(members("room.ann")).containsExactly("ann"));
			this.node.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "for ann");
			assertThat(ann.await("notice", StompFrame::isMessage).get("subscription")).isEqualTo("s2");
		}
		await().untilAsserted(() -> assertThat(this.node.getBean(SimpUserRegistry.class).getUser("ann")).isNull());
	}

	@Test
	void aTokenOfAnyCaseAuthorizesWhatIsSentAlongWithIt() {
		try (StompTestClient bob = StompTestClient.open(this.port)) {
			bob.raw("CONNECT\naccept-version:1.2\nhost:localhost\nauthorization:bearer " + TokenNode.TOKENS.token("bob")
					+ "\n\n\0SUBSCRIBE\nid:s1\ndestination:/topic/room.bob\nreceipt:r1\n\n\0"
					+ "SEND\ndestination:/topic/room.bob\n\nhello\0");
			assertThat(bob.await("own message", StompFrame::isMessage).body()).isEqualTo("hello");
			assertThat(connectedFrame(bob).header("user-name")).isEqualTo("bob");
		}
	}

	@Test
	void twoClientsWithTwoTokensAreTwoUsers() {
		try (StompTestClient cat = connected(NO_LOGIN, TokenNode.TOKENS.token("cat"));
				StompTestClient dan = connected(NO_LOGIN, TokenNode.TOKENS.token("dan"))) {
			cat.subscribe("s1", "/user/queue/notices");
			dan.subscribe("s1", "/user/queue/notices");
			this.node.getBean(SimpMessagingTemplate.class).convertAndSendToUser("dan", "/queue/notices", "for dan");
			assertThat(dan.await("notice", StompFrame::isMessage).body()).contains("for dan");
			assertThat(cat.messages()).isEmpty();
		}
	}

	@Test
	void ofTwoTokensInOneConnectTheFirstCounts() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("CONNECT\naccept-version:1.2\nhost:localhost\nAuthorization:Bearer "
					+ TokenNode.TOKENS.token("first") + "\nAuthorization:Bearer " + TokenNode.TOKENS.token("second")
					+ "\n\n\0");
			assertThat(connectedFrame(client).header("user-name")).isEqualTo("first");
		}
	}

	@Test
	void aSecondConnectDoesNotChangeTheUser() {
		try (StompTestClient client = connected(NO_LOGIN, TokenNode.TOKENS.token("ann"))) {
			connect(client, TokenNode.TOKENS.token("root"));
			assertThat(error(client)).isEqualTo("CONNECT was sent twice on this connection");
			assertThat(this.node.getBean(SimpUserRegistry.class).getUser("root")).isNull();
		}
	}

	@Test
	void anExpiredTokenIsRefusedForGood() {
		assertRefused(TokenNode.TOKENS.token("ann", Instant.now().minusSeconds(3_600)),
				"The token has expired, or is not meant for this service");
	}

	@Test
	void aTokenThatHasJustExpiredIsRefusedToo() {
		assertRefused(TokenNode.TOKENS.token("ann", Instant.now().minusSeconds(5)), "The credentials have expired");
	}

	@Test
	void aTokenThatIsNoneIsRefusedWithoutDetails() {
		assertRefused("garbage", "The token is not valid");
		assertRefused("", "The token is not valid");
	}

	@Test
	void aTokenOfAnotherIssuerIsRefused() {
		assertRefused(new Tokens().token("ann"), "The token is not valid");
	}

	@Test
	void aBadTokenIsRefusedEvenAfterAGoodHandshake() {
		try (StompTestClient client = StompTestClient.open(this.port, LOGIN)) {
			connect(client, "garbage");
			assertThat(error(client)).isEqualTo("The token is not valid");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
		}
	}

	@Test
	void aTokenTakesThePlaceOfTheHandshakesUser() {
		try (StompTestClient ann = connected(LOGIN, TokenNode.TOKENS.token("ann"))) {
			assertThat(connectedFrame(ann).header("user-name")).isEqualTo("ann");
			assertThat(this.node.getBean(SimpUserRegistry.class).getUser("handshake")).isNull();
		}
	}

	@Test
	void withoutATokenTheHandshakesUserStays() {
		try (StompTestClient client = StompTestClient.open(this.port, LOGIN)) {
			connect(client, null);
			assertThat(connectedFrame(client).header("user-name")).isEqualTo("handshake");
			client.subscribe("s1", "/topic/room.handshake");
			await().untilAsserted(() -> assertThat(members("room.handshake")).containsExactly("handshake"));
		}
	}

	@Test
	void withoutAnyCredentialsTheClientIsNobody() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			connect(client, null);
			assertThat(connectedFrame(client).get("user-name")).isNull();
			client.subscribe("s1", "/topic/public");
			client.send("SUBSCRIBE", Map.of("id", "s2", "destination", "/topic/room.1"), "");
			client.await("refusal", (frame) -> frame.isEvent("denied"));
		}
	}

	@Test
	void aClientIsToldBeforeItsTokenExpiresAndIsSentAwayThen() {
		try (StompTestClient client = connected(NO_LOGIN,
				TokenNode.TOKENS.token("ann", Instant.now().plusSeconds(4)))) {
			StompFrame expiring = client.await("expiring", (frame) -> frame.isEvent("expiring"));
			assertThat(Long.parseLong(expiring.header("in-ms"))).isBetween(1L, 4_000L);
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(4003));
			assertThat(client.closeReason).isEqualTo("credentials expired");
			assertThat(client.frames().stream().filter((frame) -> frame.isEvent("expiring"))).hasSize(1);
		}
	}

	@Test
	void aTokenThatLastsForEverIsGood() {
		try (StompTestClient client = connected(NO_LOGIN, TokenNode.TOKENS.token("eve", null))) {
			assertThat(connectedFrame(client).header("user-name")).isEqualTo("eve");
		}
	}

	@Test
	void whereAUserIsRequiredNobodyIsRefusedAndAnyoneElseIsNot() {
		try (ConfigurableApplicationContext strict = TokenNode.start("realtime.security.anonymous=false");
				StompTestClient nobody = StompTestClient.open(ChatNode.port(strict));
				StompTestClient login = StompTestClient.open(ChatNode.port(strict), LOGIN);
				StompTestClient ann = StompTestClient.open(ChatNode.port(strict))) {
			connect(nobody, null);
			connect(login, null);
			connect(ann, TokenNode.TOKENS.token("ann"));
			assertThat(error(nobody)).isEqualTo("Only known users may connect; send credentials with CONNECT");
			await().untilAsserted(() -> assertThat(nobody.closeCode).isEqualTo(1008));
			assertThat(nobody.closeReason).isEqualTo("no-user");
			assertThat(connectedFrame(login).header("user-name")).isEqualTo("handshake");
			assertThat(connectedFrame(ann).header("user-name")).isEqualTo("ann");
		}
	}

	private void assertRefused(String token, String sentence) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			connect(client, token);
			assertThat(error(client)).isEqualTo(sentence);
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.closeReason).isEqualTo("bad-credentials");
			assertThat(client.frames()).hasSize(1);
		}
	}

	private StompTestClient connected(Map<String, String> handshake, String token) {
		StompTestClient client = StompTestClient.open(this.port, handshake);
		connect(client, token);
		connectedFrame(client);
		return client;
	}

	private static void connect(StompTestClient client, @Nullable String token) {
		Map<String, String> headers = new LinkedHashMap<>(
				Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"));
		if (token != null) {
			headers.put("Authorization", "Bearer " + token);
		}
		client.send("CONNECT", headers, "");
	}

	private static StompFrame connectedFrame(StompTestClient client) {
		return client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
	}

	private static String error(StompTestClient client) {
		StompFrame refusal = client.await("refusal",
				(frame) -> frame.command().equals("ERROR") || frame.isEvent("denied"));
		return refusal.header("message");
	}

	private List<String> members(String topic) {
		return this.node.getBean(Presence.class)
			.members(Topic.of(topic), 10)
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS)
			.join()
			.stream()
			.map(Presence.Member::user)
			.toList();
	}

}
