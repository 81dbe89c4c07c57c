package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.security.ConnectAuthenticator;
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
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long a connection may take until it is a STOMP session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectTimeContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	ConnectTimeContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.limits.connect-timeout=1s", "realtime.security.authentication-timeout=10s",
				"realtime.limits.connections-per-user=1", "realtime.drain.spread=0s",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		this.node = new SpringApplicationBuilder(ChatNode.class, Slow.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_aConnectionWithoutConnectIsClosedWhateverItSends() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("\nCONNECT\n");
			await().untilAsserted(() -> {
				client.rawIfOpen("a:b\n");
				client.pong();
				assertThat(client.closeCode).isEqualTo(1008);
			});
			assertThat(client.closeReason).isEqualTo("connect-timeout");
		}
	}

	@Test
	void aConnectionThatIsIntroducedStays() {
		try (StompTestClient early = StompTestClient.connect(this.port, "early");
				StompTestClient late = StompTestClient.open(this.port)) {
			await().untilAsserted(() -> assertThat(late.closeCode).isEqualTo(1008));
			early.subscribe("s", "/topic/room.1");
			assertThat(early.closeCode).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { Slow.DROPPED, Slow.UNANSWERED })
	void rule8_aConnectWithoutConnectedEndsAsTheServersFault(String login) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", connect(login), "");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1013));
			assertThat(client.closeReason).isEqualTo("temporarily unavailable");
		}
	}

	/** All in one, because it takes its time. */
	@Test
	void theConnectTimeoutStopsWhileAnAuthenticatorWorksWhichHasABoundOfItsOwn() {
		Slow slow = this.node.getBean(Slow.class);
		try (StompTestClient patient = StompTestClient.open(this.port);
				StompTestClient stuck = StompTestClient.open(this.port)) {
			patient.send("CONNECT", connect(Slow.PATIENT), "");
			stuck.send("CONNECT", connect(Slow.STUCK), "");
			for (int i = 0; i < 4; i++) {
				try (StompTestClient silent = StompTestClient.open(this.port)) {
					await().untilAsserted(() -> assertThat(silent.closeCode).isEqualTo(1008));
				}
			}
			assertThat(patient.closeCode).isNull();
			slow.patient.countDown();
			patient.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));

			await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(stuck.closeCode).isEqualTo(1013));
			assertThat(stuck.closeReason).isEqualTo("credentials unchecked");
			assertThat(patient.closeCode).isNull();
			slow.stuck.countDown();
			try (StompTestClient back = StompTestClient.connect(this.port, Slow.STUCK)) {
				back.subscribe("s", "/topic/room.1");
			}
		}
	}

	private static Map<String, String> connect(String login) {
		return Map.of("accept-version", "1.2", "host", "localhost", "login", login);
	}

	/** An application that takes its time for some, or has no answer. */
	@Configuration(proxyBeanMethods = false)
	static class Slow implements WebSocketMessageBrokerConfigurer {

		static final String PATIENT = "patient";

		static final String STUCK = "stuck";

		static final String DROPPED = "dropped";

		static final String UNANSWERED = "unanswered";

		final CountDownLatch patient = new CountDownLatch(1);

		final CountDownLatch stuck = new CountDownLatch(1);

		@Bean
		ConnectAuthenticator authenticator() {
			return (request) -> {
				String login = String.valueOf(request.headers().get("login"));
				await(login.equals(PATIENT) ? this.patient : login.equals(STUCK) ? this.stuck : new CountDownLatch(0));
				return null;
			};
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(dropping(SimpMessageType.CONNECT, DROPPED));
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(dropping(SimpMessageType.CONNECT_ACK, UNANSWERED));
		}

		private static ChannelInterceptor dropping(SimpMessageType type, String name) {
			return new ChannelInterceptor() {

				@Override
				public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
					MessageHeaders headers = message.getHeaders();
					Principal user = SimpMessageHeaderAccessor.getUser(headers);
					String login = (user != null) ? user.getName()
							: NativeMessageHeaderAccessor.getFirstNativeHeader("login", headers);
					boolean dropped = SimpMessageHeaderAccessor.getMessageType(headers) == type && name.equals(login);
					return dropped ? null : message;
				}

			};
		}

		private static void await(CountDownLatch gate) {
			try {
				assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
