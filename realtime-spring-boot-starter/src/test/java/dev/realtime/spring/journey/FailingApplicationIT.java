package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.TopicAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Application code that throws: clients learn nothing of it but a reference to the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class FailingApplicationIT {

	private static final String SECRET = "relation secret_orders does not exist";

	private static final Pattern SENTENCE = Pattern
		.compile("Because of an error in the service the frame could not be handled \\(reference ([0-9a-f]{8})\\)");

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(StreamNode.class, Failing.class)
		.bannerMode(Banner.Mode.OFF)
		.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false")
		.run();

	private final int port = ChatNode.port(this.node);

	/** What all tests have logged so far. */
	private final StringBuilder logged = new StringBuilder();

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource({ "SEND, /app/say, sql", "SUBSCRIBE, /topic/room.1, sql", "SUBSCRIBE, /topic/policy, ''",
			"SEND, /topic/policy, ''", "SUBSCRIBE, /topic/error, ''", "SEND, /realtime/typing, ''" })
	void rule9_aFailureOfTheApplicationIsAnsweredWithAReferenceToTheLog(String command, String destination,
			String fault, CapturedOutput log) {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send(command, headers(destination, fault), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.headers()).containsEntry("reason", "internal-error").containsEntry("receipt-id", "r1");
			assertIsReference(denied.header("message"), log);
			client.subscribe("s1", "/topic/room.fine");
			assertThat(Objects.requireNonNull(this.node.getBean(SimpUserRegistry.class).getUser("eve"))
				.getSessions()
				.iterator()
				.next()
				.getSubscriptions()).hasSize(1);
		}
	}

	@Test
	void anOrdinaryClientIsClosedAndMayComeBack(CapturedOutput log) {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.send("SEND", headers("/app/say", "sql"), "");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertIsReference(error.header("message"), log);
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1011));
			assertThat(client.closeReason).isEqualTo("internal-error");
		}
	}

	@Test
	void aConnectThatFailsSaysNoMore(CapturedOutput log) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "fault", "sql"), "");
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertIsReference(error.header("message"), log);
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1011));
		}
	}

	@Test
	void overHttpItIsTheSame(CapturedOutput log) {
		HttpResponse<String> sent = Polls.send(this.port, "destination=/app/say&fault=sql", "hello", "Content-Type",
				"text/plain");
		assertThat(sent.statusCode()).isEqualTo(500);
		assertIsReference(String.valueOf(Polls.json(sent).get("detail")), log);
	}

	@Test
	void aSentenceThatTheApplicationWroteForClientsReachesThem() {
		try (StompTestClient client = StompTestClient.connect(this.port, "eve")) {
			client.send("SEND", headers("/app/say", "quota"), "");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.headers()).containsEntry("reason", "no-quota")
				.containsEntry("message", "You have no messages left today");
		}
	}

	@Test
	void aRefusedConnectIsClosedForGoodWithItsReason() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "fault", "quota"), "");
			assertThat(client.await("ERROR", (frame) -> frame.command().equals("ERROR")).header("message"))
				.isEqualTo("You have no messages left today");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.closeReason).isEqualTo("no-quota");
		}
	}

	@Test
	void aCommandThatIsNoneIsAnsweredWithoutNamesOfClasses() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "eve")) {
			client.raw("HELLO\n\n\0");
			assertThat(client.await("ERROR", (frame) -> frame.command().equals("ERROR")).header("message"))
				.doesNotContain("enum", "StompCommand", "springframework");
		}
	}

	private static Map<String, String> headers(String destination, String fault) {
		Map<String, String> headers = new LinkedHashMap<>(
				Map.of("destination", destination, "receipt", "r1", "id", "s1", "topic", "access", "typing", "true"));
		if (!fault.isEmpty()) {
			headers.put("fault", fault);
		}
		return headers;
	}

	/**
	 * A failure whose cause was logged by an earlier test has the reference of that line.
	 */
	private void assertIsReference(String sentence, CapturedOutput log) {
		Matcher matcher = SENTENCE.matcher(sentence);
		assertThat(matcher.matches()).as(sentence).isTrue();
		String text = this.logged.append(log).toString();
		int line = text.indexOf("(reference " + matcher.group(1));
		assertThat(line).as("the log line of " + sentence).isNotNegative();
		assertThat(text.substring(line)).contains(SECRET);
	}

	/** What an application does wrong. */
	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		TopicPolicies topicPolicies() {
			return (topic) -> {
				if (topic.name().equals("policy")) {
					throw new IllegalArgumentException(SECRET);
				}
				if (topic.name().equals("error")) {
					throw new AssertionError(SECRET);
				}
				return TopicPolicy.DEFAULT;
			};
		}

		@Bean
		TopicAccess topicAccess() {
			return (user, topic) -> {
				if (topic.equals(Topic.of("access"))) {
					throw new IllegalStateException(SECRET);
				}
				return true;
			};
		}

		@Bean
		WebSocketMessageBrokerConfigurer failing() {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void configureClientInboundChannel(ChannelRegistration registration) {
					registration.interceptors(new FailingInterceptor());
				}

			};
		}

	}

	private static final class FailingInterceptor implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			String fault = (headers != null) ? headers.getFirstNativeHeader("fault") : null;
			if ("sql".equals(fault)) {
				throw new IllegalStateException(SECRET, new SQLException(SECRET));
			}
			if ("quota".equals(fault)) {
				throw new RefusedException("no-quota", "You have no messages left today");
			}
			return message;
		}

	}

}
