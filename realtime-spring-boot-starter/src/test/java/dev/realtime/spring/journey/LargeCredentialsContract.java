package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.spring.security.ConnectAuthenticator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Credentials have a bound of their own, which is larger than that of other headers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LargeCredentialsContract {

	private static final String TOKEN = "Bearer " + "t".repeat(15_000);

	private static final String TOO_LARGE = "Bearer " + "t".repeat(17_000);

	private final ConfigurableApplicationContext node;

	private final int port;

	LargeCredentialsContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "server.max-http-request-header-size=32KB",
				"realtime.broker=memory", "realtime.drain.spread=0s", "management.health.redis.enabled=false",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		this.node = new SpringApplicationBuilder(StreamNode.class, BearerOfTokens.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aTokenThatIsLargerThanOtherHeadersMayBeIsALogin() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", connect("Authorization", TOKEN), "");
			assertThat(client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED")).get("user-name"))
				.isEqualTo("bearer");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization", "authorization", "login", "passcode" })
	void rule8_oneThatIsTooLargeIsRefusedForGood(String header) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", connect(header, TOO_LARGE), "");
			assertThat(client.await("ERROR", (frame) -> frame.command().equals("ERROR")).header("message"))
				.contains(header, "is larger than 16384 characters");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.closeReason).isEqualTo("credentials-too-large");
		}
	}

	@Test
	void rule8_otherHeadersAndFramesStayAsSmallAsTheyWere() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", connect("x-other", TOKEN), "");
			await().untilAsserted(() -> assertThat(client.closeReason).isEqualTo("header-too-large"));
		}
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SEND", Map.of("destination", "/topic/room.1", "Authorization", TOKEN, "receipt", "r1"), "");
			assertThat(denied(client, "r1")).isEqualTo("header-too-large");
			client.send("SEND", Map.of("destination", "/topic/room.1", "receipt", "r2"), "x".repeat(9_000));
			assertThat(denied(client, "r2")).isEqualTo("too-large");
			client.send("SEND", Map.of("destination", "/topic/room.1", "receipt", "r3"), "x".repeat(7_000));
			client.await("r3", (frame) -> frame.command().equals("RECEIPT"));
		}
	}

	@Test
	void credentialsThatAreRenewedMayBeAsLarge() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT",
					Map.of("accept-version", "1.2", "host", "localhost", "Authorization", TOKEN, "realtime", "1"), "");
			client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			client.send("SEND", Map.of("destination", "/realtime/auth", "Authorization", TOO_LARGE, "receipt", "r1"),
					"");
			assertThat(denied(client, "r1")).isEqualTo("credentials-too-large");
			client.send("SEND", Map.of("destination", "/realtime/auth", "Authorization", TOKEN, "receipt", "r2"), "");
			client.await("r2", (frame) -> frame.command().equals("RECEIPT"));
		}
	}

	@Test
	void streamsTakeTheSameCredentials() {
		try (EventStream stream = EventStream.open(this.port, "topic=room.1", "Authorization", TOKEN)) {
			assertThat(stream.answer().statusCode()).isEqualTo(200);
		}
		HttpResponse<String> sent = Polls.send(this.port, "destination=/topic/room.1", "hello", "Authorization",
				TOO_LARGE, "Content-Type", "text/plain");
		assertThat(sent.statusCode()).isEqualTo(431);
		assertThat(Polls.json(sent)).containsEntry("reason", "credentials-too-large");
	}

	private static Map<String, String> connect(String header, String value) {
		return Map.of("accept-version", "1.2", "host", "localhost", header, value);
	}

	private static String denied(StompTestClient client, String receipt) {
		return client.await(receipt, (frame) -> receipt.equals(frame.get("receipt-id"))).header("reason");
	}

	/** All tokens are of the same user. */
	@Configuration(proxyBeanMethods = false)
	static class BearerOfTokens {

		@Bean
		ConnectAuthenticator authenticator() {
			return (request) -> (request.bearerToken() != null) ? new ChatNode.Name("bearer") : null;
		}

	}

}
