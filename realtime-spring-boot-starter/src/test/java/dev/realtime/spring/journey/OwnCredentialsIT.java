package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application that checks login and passcode itself, without message security. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class OwnCredentialsIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(ChatNode.class, Passwords.class)
		.bannerMode(Banner.Mode.OFF)
		.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false")
		.run();

	private final int port = ChatNode.port(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void theAuthenticatorSeesWhatTheClientSaid() {
		StompFrame connected = connect("open sesame", "CONNECTED");
		assertThat(connected.get("user-name")).isEqualTo("ali");
		ConnectRequest request = this.node.getBean(Passwords.class).requests.get(0);
		assertThat(request.headers()).containsEntry("login", "ali").doesNotContainKey("passcode");
		assertThat(request.remoteAddress()).isNotNull();
		assertThat(request.handshakeUser()).isNull();
		assertThat(request).asString().contains("login").doesNotContain("sesame");
	}

	@Test
	void aRefusalReachesTheClientAsItWasWritten() {
		assertThat(connect("wrong", "ERROR").header("message")).isEqualTo("Wrong passcode");
	}

	@Test
	void whatSpringSecurityRefusesIsRefusedInGeneralWords() {
		assertThat(connect("locked", "ERROR").header("message")).isEqualTo("These credentials are not accepted");
	}

	@Test
	void aFailureTellsNothingIsLoggedAndInvitesAnotherTry(CapturedOutput output) {
		for (String passcode : List.of("broken", "away")) {
			try (StompTestClient client = StompTestClient.open(this.port)) {
				client.send("CONNECT",
						Map.of("accept-version", "1.2", "host", "localhost", "login", "ali", "passcode", passcode), "");
				StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
				assertThat(error.header("message")).isEqualTo("Your credentials could not be checked; try again later");
				await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1013));
			}
			assertThat(output).contains("jdbc://secret-" + passcode);
		}
	}

	@Test
	void whatComesAlongWithARefusedConnectIsNotHandled() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("CONNECT\naccept-version:1.2\nhost:localhost\nlogin:ali\npasscode:wrong\n\n\0"
					+ "SEND\ndestination:/app/note\n\nfrom nobody\0");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
		}
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("CONNECT\naccept-version:1.2\nhost:localhost\nlogin:ali\npasscode:open sesame\n\n\0"
					+ "SEND\ndestination:/app/note\n\nfrom ali\0");
			await().untilAsserted(() -> assertThat(this.node.getBean(Notes.class).texts).containsExactly("from ali"));
		}
	}

	@Test
	void streamsAndPollsTakeThemFromTheQuery() {
		assertThat(Polls.poll(this.port, "topic=room.1&login=ali&passcode=open%20sesame").statusCode()).isIn(200, 204);
		HttpResponse<String> refused = Polls.poll(this.port, "topic=room.1&login=ali&passcode=wrong");
		assertThat(refused.statusCode()).isEqualTo(401);
		assertThat(Polls.json(refused)).containsEntry("detail", "Wrong passcode");
	}

	private StompFrame connect(String passcode, String answer) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT",
					Map.of("accept-version", "1.2", "host", "localhost", "login", "ali", "passcode", passcode), "");
			StompFrame frame = client.await(answer, (each) -> each.command().equals(answer));
			if (answer.equals("ERROR")) {
				await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			}
			return frame;
		}
	}

	/** Needs the template, which needs the channel on which CONNECT comes. */
	@Configuration(proxyBeanMethods = false)
	static class Passwords {

		final List<ConnectRequest> requests = new CopyOnWriteArrayList<>();

		@Bean
		ConnectAuthenticator passwords(SimpMessagingTemplate template) {
			assertThat(template).isNotNull();
			return this::authenticate;
		}

		@Bean
		Notes notes() {
			return new Notes();
		}

		private @Nullable Principal authenticate(ConnectRequest request) {
			this.requests.add(request);
			String passcode = request.passcode();
			return switch ((passcode != null) ? passcode : "") {
				case "open sesame" -> new ChatNode.Name(String.valueOf(request.login()));
				case "wrong" -> throw new ConnectRefusedException("Wrong passcode");
				case "locked" -> throw new BadCredentialsException("user ali is locked since Monday");
				case "away" -> throw new AuthenticationServiceException("no answer of jdbc://secret-away");
				case "broken" -> throw new IllegalStateException("jdbc://secret-broken");
				default -> null;
			};
		}

	}

	/** What clients sent. */
	@Controller
	static class Notes {

		final List<String> texts = new CopyOnWriteArrayList<>();

		@MessageMapping("/note")
		void note(String text) {
			this.texts.add(text);
		}

	}

}
