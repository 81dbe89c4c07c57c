package dev.realtime.spring.journey;

import java.io.BufferedReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.JwtConnectAuthenticator;
import dev.realtime.spring.sessions.RealtimeSessions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients renew their credentials on the open connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RenewalContract {

	private static final String NO_RIGHTS = "nothing";

	private final ConfigurableApplicationContext node;

	private final int port;

	RenewalContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
				"realtime.drain.spread=0s", "realtime.security.anonymous=true",
				"realtime.security.authentication-timeout=7s", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		this.node = new SpringApplicationBuilder(TokenNode.class, Gates.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
		this.port = ChatNode.port(this.node);
	}

	/** What is used for the first time takes its time, and some tokens here end soon. */
	@BeforeAll
	void warmUp() {
		try (StompTestClient first = connected(TokenNode.TOKENS.token("first"))) {
			renew(first, "r", TokenNode.TOKENS.token("first"));
			send(first, "s");
		}
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	/** All in one, because it takes its time. */
	@Test
	void rule10_aConnectionLivesAsLongAsItsLatestCredentials() {
		Instant end = Instant.now().plusSeconds(8);
		String soon = TokenNode.TOKENS.token("ann", Instant.now().plusSeconds(5));
		try (StompTestClient renewed = connected(soon);
				StompTestClient endless = connected(soon);
				StompTestClient refused = connected(soon);
				StompTestClient other = connected(soon)) {
			renewed.await("expiring", (frame) -> frame.isEvent("expiring"));
			StompFrame receipt = renew(renewed, "r1", TokenNode.TOKENS.token("ann", end));
			assertThat(receipt.command()).isEqualTo("RECEIPT");
			assertThat(Long.parseLong(receipt.header("in-ms"))).isBetween(1L, 8_000L);
			assertThat(renewed.await("renewed", (frame) -> frame.isEvent("renewed")).header("in-ms"))
				.isEqualTo(receipt.header("in-ms"));
			assertThat(renew(endless, "r1", TokenNode.TOKENS.token("ann", null)).get("in-ms")).isNull();
			assertThat(renew(refused, "r1", TokenNode.TOKENS.token("bob")).header("reason")).isEqualTo("other-user");
			await().untilAsserted(() -> {
				assertThat(other.closeCode).isEqualTo(4003);
				assertThat(refused.closeCode).isEqualTo(4003);
			});
			assertThat(renewed.closeCode).isNull();
			await().untilAsserted(() -> assertThat(renewed.closeCode).isEqualTo(4003));
			assertThat(Instant.now()).isAfterOrEqualTo(Instant.ofEpochSecond(end.getEpochSecond()));
			assertThat(renewed.frames().stream().filter((frame) -> frame.isEvent("expiring"))).hasSize(2);
			assertThat(renew(endless, "r2", TokenNode.TOKENS.token("ann")).command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void rule10_laterFramesHaveTheNewAuthorities() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann", null, NO_RIGHTS))) {
			assertThat(send(ann, "s1").header("reason")).isEqualTo("forbidden");
			renew(ann, "r1", TokenNode.TOKENS.token("ann"));
			ann.subscribe("sub", "/topic/room.rights");
			assertThat(send(ann, "s2").command()).isEqualTo("RECEIPT");
			renew(ann, "r2", TokenNode.TOKENS.token("ann", null, NO_RIGHTS));
			assertThat(send(ann, "s3").header("reason")).isEqualTo("forbidden");
			ann.send("SUBSCRIBE", Map.of("id", "other", "destination", "/topic/room.rights", "receipt", "s4"), "");
			assertThat(answer(ann, "s4").header("reason")).isEqualTo("forbidden");
			assertThat(ann.messages()).hasSize(1);
		}
	}

	/** Those that it follows already, and those whose first message comes later. */
	@Test
	void rule10_theTopicsOfAWildcardAreDecidedForTheNewAuthorities() {
		SimpMessagingTemplate template = this.node.getBean(SimpMessagingTemplate.class);
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"));
				StompTestClient bob = connected(TokenNode.TOKENS.token("bob"))) {
			ann.subscribe("sub", "/topic/room.*");
			bob.subscribe("sub", "/topic/room.*");
			template.convertAndSend("/topic/room.first", "first");
			ann.await("first", StompFrame::isMessage);
			renew(ann, "r1", TokenNode.TOKENS.token("ann", null, NO_RIGHTS));
			ann.await("the end of room.first", (frame) -> "revoked".equals(frame.get("reason")));
			for (int i = 1; i <= 3; i++) {
				int seen = i;
				template.convertAndSend("/topic/room.second", "second");
				await().until(() -> bob.messages().size() > seen);
			}
			template.convertAndSend("/topic/room.first", "last");
			await().until(() -> bob.messages().size() > 4);
			assertThat(ann.messages()).extracting(StompFrame::body).containsExactly("first");
		}
	}

	@Test
	void rule10_theCredentialsOfAnotherUserAreRefusedAndTheConnectionStaysAsItWas() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"))) {
			StompFrame refusal = renew(ann, "r1", TokenNode.TOKENS.token("bob"));
			assertThat(refusal.header("reason")).isEqualTo("other-user");
			assertThat(refusal.header("refused-destination")).isEqualTo("/realtime/auth");
			ann.subscribe("sub", "/topic/room.stays");
			ann.send("SEND", Map.of("destination", "/topic/room.stays"), "hi");
			assertThat(ann.await("own message", StompFrame::isMessage).header("sender")).isEqualTo("ann");
		}
	}

	@Test
	void rule10_aClientWithoutAUserCannotBecomeOne() {
		try (StompTestClient nobody = connected(null)) {
			assertThat(renew(nobody, "r1", TokenNode.TOKENS.token("ann")).header("reason")).isEqualTo("other-user");
		}
	}

	@Test
	void rule10_credentialsThatAreNoneAreRefused() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"))) {
			assertThat(renew(ann, "r1", "garbage").header("reason")).isEqualTo("bad-credentials");
			assertThat(renew(ann, "r2", TokenNode.TOKENS.token("ann", Instant.now().minusSeconds(5))).header("reason"))
				.isEqualTo("bad-credentials");
			assertThat(renew(ann, "r3", null).header("reason")).isEqualTo("no-credentials");
			assertThat(send(ann, "s1").command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void rule8_credentialsCannotBeGuessedAsOftenAsOneLikes() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"))) {
			for (int i = 0; i < 4; i++) {
				assertThat(renew(ann, "wrong-" + i, "garbage").header("reason")).isEqualTo("bad-credentials");
				assertThat(renew(ann, "good-" + i, TokenNode.TOKENS.token("ann")).command()).isEqualTo("RECEIPT");
			}
			assertThat(renew(ann, "last", TokenNode.TOKENS.token("bob")).header("reason")).isEqualTo("other-user");
			await().untilAsserted(() -> assertThat(ann.closeCode).isEqualTo(1008));
			assertThat(ann.closeReason).isEqualTo("bad-credentials");
		}
	}

	@Test
	void rule10_revocationsConcernTheTokenThatTheConnectionHasNow() {
		Instant yesterday = Instant.now().minus(Duration.ofDays(1));
		String revoked = TokenNode.TOKENS.token("rita", "rita-0", yesterday);
		RealtimeSessions sessions = this.node.getBean(RealtimeSessions.class);
		result(sessions.revokeToken("rita-0"));
		try (StompTestClient rita = connected(TokenNode.TOKENS.token("rita", "rita-1", yesterday))) {
			assertThat(renew(rita, "r1", revoked).header("reason")).isEqualTo("revoked");
			assertThat(renew(rita, "r2", TokenNode.TOKENS.token("rita", "rita-2", yesterday)).command())
				.isEqualTo("RECEIPT");
			result(sessions.revokeToken("rita-1"));
			result(sessions.revokeTokens("bob", Instant.now()));
			assertThat(renew(rita, "r3", TokenNode.TOKENS.token("rita", "rita-3", yesterday.plusSeconds(60))).command())
				.isEqualTo("RECEIPT");
			result(sessions.revokeTokens("rita", yesterday.plusSeconds(30)));
			assertThat(send(rita, "s1").command()).isEqualTo("RECEIPT");
			result(sessions.revokeToken("rita-3"));
			await().untilAsserted(() -> assertThat(rita.closeCode).isEqualTo(4003));
			assertThat(rita.closeReason).isEqualTo("credentials revoked");
		}
	}

	@Test
	void ofTwoRenewalsAtOnceTheSecondCounts() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"))) {
			String first = frame("r1", TokenNode.TOKENS.token("ann"));
			String second = frame("r2", TokenNode.TOKENS.token("ann", null, NO_RIGHTS));
			ann.raw(first + "SEND\ndestination:/topic/room.1\nreceipt:s1\n\nx\0" + second
					+ "SEND\ndestination:/topic/room.1\nreceipt:s2\n\nx\0");
			assertThat(answer(ann, "r1").command()).isEqualTo("RECEIPT");
			assertThat(answer(ann, "s1").command()).isEqualTo("RECEIPT");
			assertThat(answer(ann, "r2").command()).isEqualTo("RECEIPT");
			assertThat(answer(ann, "s2").header("reason")).isEqualTo("forbidden");
		}
	}

	@Test
	void aClientWithoutControlEventsGetsTheReceiptOrAnError() {
		try (StompTestClient plain = StompTestClient.open(this.port)) {
			plain.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "Authorization",
					"Bearer " + TokenNode.TOKENS.token("ann", Instant.now().plusSeconds(30))), "");
			plain.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(renew(plain, "r1", TokenNode.TOKENS.token("ann")).header("in-ms")).isNotEmpty();
			assertThat(renew(plain, "r2", TokenNode.TOKENS.token("bob")).command()).isEqualTo("ERROR");
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1008));
			assertThat(plain.closeReason).isEqualTo("other-user");
			assertThat(plain.frames().stream().filter((frame) -> frame.isEvent("renewed"))).isEmpty();
		}
	}

	@Test
	void credentialsThatCannotBeCheckedLeaveTheConnectionAsItWas() {
		try (StompTestClient ann = connected(TokenNode.TOKENS.token("ann"))) {
			ann.send("SEND", Map.of("destination", "/realtime/auth", "gate", "broken", "receipt", "r1"), "");
			StompFrame refusal = answer(ann, "r1");
			assertThat(refusal.header("reason")).isEqualTo("credentials-unchecked");
			assertThat(refusal.header("message")).doesNotContain("secret");
			assertThat(send(ann, "s1").command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void rule8_aRenewalThatIsNotAnsweredHoldsNobodyElse() {
		CountDownLatch gate = new CountDownLatch(1);
		this.node.getBean(Gates.class).gate = gate;
		try (StompTestClient ending = connected(TokenNode.TOKENS.token("ann", Instant.now().plusSeconds(4)));
				StompTestClient stuck = connected(TokenNode.TOKENS.token("ann"))) {
			Map<String, String> renewal = Map.of("destination", "/realtime/auth", "gate", "stuck", "receipt", "r1");
			ending.send("SEND", renewal, "");
			stuck.send("SEND", renewal, "");
			try (StompTestClient bob = connected(TokenNode.TOKENS.token("bob"))) {
				assertThat(send(bob, "s1").command()).isEqualTo("RECEIPT");
			}
			await().untilAsserted(() -> assertThat(ending.closeCode).isEqualTo(4003));
			await().untilAsserted(() -> assertThat(stuck.closeCode).isEqualTo(1013));
			assertThat(stuck.closeReason).isEqualTo("credentials unchecked");
			gate.countDown();
			try (StompTestClient back = connected(TokenNode.TOKENS.token("ann"))) {
				assertThat(renew(back, "r2", TokenNode.TOKENS.token("ann")).command()).isEqualTo("RECEIPT");
			}
			assertThat(ending.frames()).noneMatch((frame) -> frame.isEvent("renewed"));
			assertThat(stuck.frames()).noneMatch((frame) -> frame.isEvent("renewed"));
		}
	}

	@Test
	void theJavaScriptClientRenewsWithoutReconnecting() throws Exception {
		Instant end = Instant.now().plusSeconds(5);
		Process script = new ProcessBuilder("node", "src/test/js/renewal-client.mjs",
				"ws://localhost:" + this.port + "/realtime", "room.js", String.valueOf(end.toEpochMilli()),
				TokenNode.TOKENS.token("ann", end), TokenNode.TOKENS.token("ann"))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = script.inputReader()) {
			assertThat(output.lines().toList()).containsExactly("{\"asked\":2,\"reasons\":[]}");
		}
		finally {
			script.destroyForcibly();
		}
	}

	private StompTestClient connected(@Nullable String token) {
		StompTestClient client = StompTestClient.open(this.port);
		Map<String, String> headers = new LinkedHashMap<>(
				Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"));
		if (token != null) {
			headers.put("Authorization", "Bearer " + token);
		}
		client.send("CONNECT", headers, "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private static StompFrame renew(StompTestClient client, String receipt, @Nullable String token) {
		client.raw(frame(receipt, token));
		return answer(client, receipt);
	}

	private static String frame(String receipt, @Nullable String token) {
		return "SEND\ndestination:/realtime/auth\nreceipt:" + receipt
				+ ((token != null) ? "\nAuthorization:Bearer " + token : "") + "\n\n\0";
	}

	private static StompFrame send(StompTestClient client, String receipt) {
		client.send("SEND", Map.of("destination", "/topic/room.rights", "receipt", receipt), "x");
		return answer(client, receipt);
	}

	private static StompFrame answer(StompTestClient client, String receipt) {
		return client.await(receipt, (frame) -> receipt.equals(frame.get("receipt-id")));
	}

	private static <T> T result(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	/** Checks JWTs, and before them what does not answer or fails. */
	@Configuration(proxyBeanMethods = false)
	static class Gates {

		volatile CountDownLatch gate = new CountDownLatch(0);

		@Bean
		@Order(1)
		ConnectAuthenticator gates() {
			return (request) -> {
				String header = request.headers().getOrDefault("gate", "");
				if (header.equals("broken")) {
					throw new IllegalStateException("jdbc://secret");
				}
				if (header.equals("stuck")) {
					try {
						assertThat(this.gate.await(30, TimeUnit.SECONDS)).isTrue();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
					return new ChatNode.Name("ann");
				}
				return null;
			};
		}

		@Bean
		@Order(2)
		JwtConnectAuthenticator tokens(JwtDecoder decoder) {
			return new JwtConnectAuthenticator(decoder, new JwtAuthenticationConverter());
		}

	}

}
