package dev.realtime.spring.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.spring.security.ConnectAuthenticator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tokens are checked by the decoder that Boot makes of
 * {@code spring.security.oauth2.resourceserver.*}: the application has none of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BootsDecoderIT {

	private final Tokens tokens = new Tokens();

	private ConfigurableApplicationContext node;

	@BeforeAll
	void start(@TempDir Path folder) throws IOException {
		Path key = Files.writeString(folder.resolve("key.pem"), this.tokens.publicKey());
		this.node = new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties(Map.of("server.port", "0", "realtime.broker", "memory", "realtime.drain.spread", "0s",
					"spring.security.oauth2.resourceserver.jwt.public-key-location", key.toUri().toString(),
					"spring.main.register-shutdown-hook", "false"))
			.run();
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void theDecoderAndTheAuthenticatorAreAutoConfigured() {
		assertThat(this.node.getBeansOfType(JwtDecoder.class)).hasSize(1);
		assertThat(this.node.getBeansOfType(ConnectAuthenticator.class)).hasSize(1);
	}

	@Test
	void aValidTokenIsWhoTheClientIs() {
		try (StompTestClient client = connect(this.tokens.token("ann"))) {
			StompFrame connected = client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(connected.header("user-name")).isEqualTo("ann");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "nonsense", "a.b.c", "" })
	void aTokenThatIsNoneIsRefusedAndNotTakenForAnonymous(String token) {
		assertRefused(token);
	}

	@Test
	void aTokenOfAnotherIssuerIsRefused() {
		assertRefused(new Tokens().token("ann"));
	}

	private void assertRefused(String token) {
		try (StompTestClient client = connect(token)) {
			StompFrame refusal = client.await("refusal", (frame) -> frame.command().equals("ERROR"));
			assertThat(refusal.header("message")).isEqualTo("The token is not valid");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.frames()).extracting(StompFrame::command).isEqualTo(List.of("ERROR"));
		}
	}

	private StompTestClient connect(String token) {
		StompTestClient client = StompTestClient.open(ChatNode.port(this.node));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1", "Authorization",
				"Bearer " + token), "");
		return client;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Node {

		/** Browsers cannot send a token with the handshake. */
		@Bean
		SecurityFilterChain http(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

	}

}
