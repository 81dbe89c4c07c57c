package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tokens are revoked on one node and not accepted on another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RevokedTokensContract {

	private static final Duration SOON = Duration.ofSeconds(1);

	private final Instant yesterday = Instant.now().minus(Duration.ofDays(1));

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	RevokedTokensContract(String... properties) {
		this.one = start(properties);
		this.two = start(properties);
	}

	private ConfigurableApplicationContext start(String... more) {
		String[] all = new String[more.length + 3];
		System.arraycopy(more, 0, all, 3, more.length);
		all[0] = "realtime.broker=redis";
		all[1] = "spring.data.redis.port=" + this.redis.port();
		all[2] = "management.health.redis.enabled=false";
		return TokenNode.start(all);
	}

	@AfterEach
	void unblock() {
		result(sessions().unblock("handshake"));
		await().until(() -> this.two.getBean(RealtimeSessions.class).blockedUsers().isEmpty());
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule10_aRevokedTokenEndsItsConnectionsAndOpensNoOther() {
		String token = TokenNode.TOKENS.token("ann", "token-1", this.yesterday);
		try (StompTestClient revoked = connect(token);
				StompTestClient other = connect(TokenNode.TOKENS.token("ann", "token-2", this.yesterday));
				EventStream stream = EventStream.open(ChatNode.port(this.two), "topic=room.1", "Authorization",
						"Bearer " + token)) {
			result(sessions().revokeToken("token-1"));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(revoked.closeCode).isEqualTo(4003);
				assertThat(stream.events("closed")).singleElement()
					.satisfies((closed) -> assertThat(closed.json()).containsEntry("code", 4003));
			});
			assertThat(revoked.closeReason).isEqualTo("credentials revoked");
			assertRefused(token);
			assertThat(other.closeCode).isNull();
		}
	}

	@Test
	void rule10_tokensOfAUserThatWereIssuedBeforeATimeAreRefusedAndLaterOnesAccepted() {
		Instant then = this.yesterday.plusSeconds(60);
		String before = TokenNode.TOKENS.token("cho", "token-3", this.yesterday);
		String unknown = TokenNode.TOKENS.token("cho");
		try (StompTestClient old = connect(before);
				StompTestClient undated = connect(unknown);
				StompTestClient bob = connect(TokenNode.TOKENS.token("bob", "token-4", this.yesterday))) {
			result(sessions().revokeTokens("cho", then));
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(old.closeCode).isEqualTo(4003);
				assertThat(undated.closeCode).isEqualTo(4003);
			});
			assertRefused(before);
			assertRefused(unknown);
			connect(TokenNode.TOKENS.token("cho", "token-5", then.plusSeconds(1))).close();
			assertThat(bob.closeCode).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/realtime/topics/room.1/messages", "/realtime/topics/room.1/presence",
			"/realtime/topics/room.1/snapshot", "/realtime/unread?topic=room.1" })
	void rule10_aBlockedUserReadsNothingOverHttp(String path) {
		int web = ChatNode.webPort(this.two);
		String login = "Basic "
				+ Base64.getEncoder().encodeToString("handshake:secret".getBytes(StandardCharsets.UTF_8));
		assertThat(Polls.ask(web, "GET", path, "", "Authorization", login).body()).doesNotContain("blocked");
		result(sessions().block("handshake", Duration.ofMinutes(1)));
		await().atMost(SOON).untilAsserted(() -> {
			HttpResponse<String> answer = Polls.ask(web, "GET", path, "", "Authorization", login);
			assertThat(answer.statusCode()).isEqualTo(403);
			assertThat(Polls.json(answer)).containsEntry("reason", "blocked");
		});
	}

	private void assertRefused(String token) {
		int port = ChatNode.port(this.two);
		try (StompTestClient client = open(token)) {
			await().until(() -> client.closeCode != null);
			assertThat(client.closeCode).isEqualTo(1008);
			assertThat(client.closeReason).isEqualTo("revoked");
		}
		HttpResponse<String> poll = Polls.poll(port, "topic=room.1", "Authorization", "Bearer " + token);
		assertThat(poll.statusCode()).isEqualTo(401);
		assertThat(Polls.json(poll)).containsEntry("reason", "revoked");
		assertThat(Polls.send(port, "destination=/topic/room.1", "x", "Authorization", "Bearer " + token).statusCode())
			.isEqualTo(401);
	}

	private StompTestClient connect(String token) {
		StompTestClient client = open(token);
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private StompTestClient open(String token) {
		StompTestClient client = StompTestClient.open(ChatNode.port(this.two));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "Authorization", "Bearer " + token,
				"realtime", "1"), "");
		return client;
	}

	private RealtimeSessions sessions() {
		return this.one.getBean(RealtimeSessions.class);
	}

	private static <T> T result(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
