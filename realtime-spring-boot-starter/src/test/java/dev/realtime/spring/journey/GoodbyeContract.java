package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
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
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How a session ends in an application whose message rules deny DISCONNECT. A user may
 * have one connection, so one that is not released locks the user out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoodbyeContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	GoodbyeContract(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "realtime.broker=memory", "realtime.limits.connections-per-user=1",
						"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
						"realtime.drain.spread=0s", "realtime.security.anonymous=true",
						"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		this.node = new SpringApplicationBuilder(ChatNode.class, Rules.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aConnectionThatIsCutIsReleasedWhateverTheRulesSay() {
		for (int i = 0; i < 3; i++) {
			connectAgain("ann").cut();
		}
	}

	@Test
	void aConnectionIsReleasedAlsoWhenNoHandlerGetsTheDisconnect() {
		for (int i = 0; i < 3; i++) {
			connectAgain(Rules.KEPT).cut();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aDisconnectThatTheRulesDenyEndsTheSessionAllTheSame(boolean controlEvents) {
		for (int i = 0; i < 3; i++) {
			try (StompTestClient client = connectAgain("bob" + controlEvents, controlEvents)) {
				client.subscribe("s", "/topic/room.1");
				client.send("SEND", Map.of("destination", "/topic/room.1", "receipt", "sent"), "x");
				client.send("DISCONNECT", Map.of("receipt", "bye"), "");
				await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
				assertThat(client.frames()).extracting((frame) -> frame.get("receipt-id"))
					.contains("sent")
					.last()
					.isEqualTo("bye");
				assertThat(client.frames()).noneMatch((frame) -> frame.isEvent("denied"));
			}
		}
	}

	@Test
	void withoutReceiptItIsNoErrorEither() {
		try (StompTestClient client = connectAgain("cat")) {
			client.send("DISCONNECT", Map.of(), "");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).extracting(StompFrame::command).containsExactly("CONNECTED");
		}
	}

	@Test
	void theReceiptLeavesBehindAnswersThatAreOnTheirWay() {
		Rules rules = this.node.getBean(Rules.class);
		try (StompTestClient client = connectAgain("dan")) {
			client.subscribe("s", "/user/queue/echo");
			client.send("SEND", Map.of("destination", "/app/echo"), "held");
			client.send("DISCONNECT", Map.of("receipt", "bye"), "");
			try (StompTestClient other = connectAgain("eve")) {
				other.subscribe("s", "/topic/room.1");
			}
			rules.replies.countDown();
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).extracting(StompFrame::command)
				.containsExactly("CONNECTED", "RECEIPT", "MESSAGE", "RECEIPT");
			assertThat(client.messages().get(0).body()).isEqualTo("held");
		}
	}

	private StompTestClient connectAgain(String user) {
		return connectAgain(user, false);
	}

	/** Connects as soon as the user's connection before this one is released. */
	private StompTestClient connectAgain(String user, boolean controlEvents) {
		return await().until(() -> {
			StompTestClient client = StompTestClient.open(this.port);
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user, "realtime",
					controlEvents ? "1" : "0"), "");
			StompFrame answer = client.await("an answer", (frame) -> true);
			return answer.command().equals("CONNECTED") ? client : null;
		}, (client) -> client != null);
	}

	/** Message rules that grant what clients do and have no word for DISCONNECT. */
	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketSecurity
	static class Rules implements WebSocketMessageBrokerConfigurer {

		/** Whose DISCONNECT an interceptor keeps from the handlers. */
		static final String KEPT = "kept";

		/** Lets go of a reply that is held on its way to the client. */
		final CountDownLatch replies = new CountDownLatch(1);

		@Bean
		AuthorizationManager<Message<?>> messageAuthorizationManager(
				MessageMatcherDelegatingAuthorizationManager.Builder messages) {
			return messages.simpTypeMatchers(SimpMessageType.CONNECT, SimpMessageType.HEARTBEAT)
				.permitAll()
				.matchers(Rules::isKept)
				.permitAll()
				.simpMessageDestMatchers("/topic/**", "/app/**")
				.permitAll()
				.simpSubscribeDestMatchers("/topic/**", "/user/**")
				.permitAll()
				.anyMessage()
				.denyAll()
				.build();
		}

		/** Clients are no browsers: nobody can be tricked into sending, so no token. */
		@Bean
		ChannelInterceptor csrfChannelInterceptor() {
			return new ChannelInterceptor() {
			};
		}

		@Bean
		Echo echo() {
			return new Echo();
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ExecutorChannelInterceptor() {

				@Override
				public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel,
						MessageHandler handler) {
					return isKept(message) ? null : message;
				}

			});
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ExecutorChannelInterceptor() {

				@Override
				public Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
					if (message.getPayload() instanceof byte[] payload && new String(payload, UTF_8).equals("held")) {
						assertThat(isReleased()).isTrue();
					}
					return message;
				}

			});
		}

		private static boolean isKept(Message<?> message) {
			Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
			return user != null && user.getName().equals(KEPT)
					&& SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.DISCONNECT;
		}

		private boolean isReleased() {
			try {
				return this.replies.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}

	}

	/** Answers the session alone. */
	@Controller
	static class Echo {

		@MessageMapping("/echo")
		@SendToUser(destinations = "/queue/echo", broadcast = false)
		String echo(@Payload String text) {
			return text;
		}

	}

}
