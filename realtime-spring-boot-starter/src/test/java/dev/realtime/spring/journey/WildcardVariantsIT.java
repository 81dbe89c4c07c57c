package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Subscriptions with wildcards in applications that are not the usual one. */
class WildcardVariantsIT {

	@Test
	void rule4_areExactBelowAContextPathOnBothPorts() {
		try (ConfigurableApplicationContext node = ChatNode.startAlone("server.servlet.context-path=/shop",
				ChatNode.ON_NETTY)) {
			areExact(node, ChatNode.port(node), "/shop/realtime", "netty");
			areExact(node, ChatNode.webPort(node), "/shop/realtime", "servlet");
		}
	}

	@Test
	void rule4_areExactOnADurableLog() {
		try (RedisServer redis = RedisServer.start();
				ConfigurableApplicationContext node = DurableNode.start(redis.port(),
						"jdbc:h2:mem:wildcards;DB_CLOSE_DELAY=-1")) {
			areExact(node, ChatNode.port(node), "/realtime", "durable");
		}
	}

	@Test
	void rule4_areExactBehindAnInterceptorOfTheClientOutboundChannel() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(ChatNode.class, Intercepted.class)
			.bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
					"spring.main.register-shutdown-hook=false")
			.run()) {
			List<StompFrame> messages = areExact(node, ChatNode.port(node), "/realtime", "intercepted");
			assertThat(messages).allMatch((message) -> "interceptor".equals(message.get("seen-by")));
		}
	}

	/** Live, and again for a client that returns in the middle. */
	private static List<StompFrame> areExact(ConfigurableApplicationContext node, int port, String path, String name) {
		String left = name + "/left";
		String right = name + "/right";
		List<StompFrame> seen;
		try (StompTestClient client = StompTestClient.connect(port, path, "ann")) {
			client.subscribe("sub-0", "/topic/" + name + "/*");
			IntStream.rangeClosed(1, 20).forEach((i) -> publish(node, i, left, right, name + "/x/y"));
			await().untilAsserted(() -> assertThat(client.messages()).hasSizeGreaterThanOrEqualTo(40));
			seen = client.messages();
			assertExact(seen, 1, 20, left, right);
		}
		IntStream.rangeClosed(21, 30).forEach((i) -> publish(node, i, left, right));
		String position = id(seen, left, 7);
		try (StompTestClient client = StompTestClient.connect(port, path, "ann")) {
			StompFrame receipt = client.subscribe("sub-0", "/topic/" + name + "/*", Map.of("positions",
					"/topic/" + left + '=' + position + ",/topic/" + right + '=' + id(seen, right, 7)));
			assertThat(receipt.headers()).containsEntry("resumed", "2");
			IntStream.rangeClosed(31, 40).forEach((i) -> publish(node, i, left, right));
			await().untilAsserted(() -> assertThat(client.messages()).hasSizeGreaterThanOrEqualTo(66));
			assertExact(client.messages(), 8, 40, left, right);
		}
		return seen;
	}

	private static void assertExact(List<StompFrame> messages, int first, int last, String... topics) {
		for (String topic : topics) {
			assertThat(messages.stream()
				.filter((frame) -> frame.header("destination").equals("/topic/" + topic))
				.map((frame) -> frame.seq() + " " + frame.body())).containsExactlyElementsOf(
						IntStream.rangeClosed(first, last).mapToObj((i) -> i + " " + topic + i).toList());
		}
	}

	private static String id(List<StompFrame> messages, String topic, long seq) {
		return Objects.requireNonNull(messages.stream()
			.filter((frame) -> frame.header("destination").equals("/topic/" + topic) && frame.seq() == seq)
			.findFirst()
			.orElseThrow()
			.get("message-id"));
	}

	private static void publish(ConfigurableApplicationContext node, int number, String... names) {
		for (String name : names) {
			node.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.fromDestination(name), Content.text(name + number)));
		}
	}

	/** An application that marks what its clients receive. */
	@Configuration(proxyBeanMethods = false)
	static class Intercepted {

		@Bean
		WebSocketMessageBrokerConfigurer marking() {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void configureClientOutboundChannel(ChannelRegistration registration) {
					registration.interceptors(new Mark());
				}

			};
		}

	}

	static final class Mark implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (headers != null && headers.getMessageType() == SimpMessageType.MESSAGE) {
				headers.setNativeHeader("seen-by", "interceptor");
			}
			return message;
		}

	}

}
