package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.ConnectRefusedException;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** A node of a test's fleet: the starter, and a name taken from the CONNECT frame. */
@SpringBootConfiguration
@AutoConfigurationWithoutSecurity
class ChatNode {

	/**
	 * Whether an interceptor of the inbound channel takes the name, so that all frames
	 * become messages, and not an authenticator. With CHAT_OBSERVED=false in the
	 * environment every test of this node runs on the short path.
	 */
	static final String OBSERVED = "chat.observed";

	/** The property that puts its WebSockets on the Netty listener. */
	static final String ON_NETTY = "realtime.netty.port=0";

	static ConfigurableApplicationContext start(int redisPort, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redisPort,
						"realtime.shards=2", "realtime.netty.threads=2", "realtime.topics.rooms.pattern=room.*",
						"realtime.topics.rooms.presence=true", "realtime.topics.rooms.client-publish=true",
						"realtime.drain.spread=0s", "management.health.redis.enabled=false",
						"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ChatNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** A node that needs no Redis. */
	static ConfigurableApplicationContext startAlone(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.broker=memory"));
		all.addAll(List.of(properties));
		return start(1, all.toArray(String[]::new));
	}

	/**
	 * The same node in a process of its own, which a test can kill. It says where it
	 * listens.
	 */
	public static void main(String[] args) {
		System.out.println("READY port="
				+ port(new SpringApplicationBuilder(ChatNode.class).bannerMode(Banner.Mode.OFF).run(args)));
	}

	/** Where its WebSockets are: on the Netty listener if there is one. */
	static int port(ConfigurableApplicationContext node) {
		boolean netty = node.getEnvironment().containsProperty("realtime.netty.port");
		return netty ? node.getEnvironment().getRequiredProperty("local.realtime.netty.port", Integer.class)
				: webPort(node);
	}

	/** Where the servlet container listens. */
	static int webPort(ConfigurableApplicationContext node) {
		return Integer.parseInt(Objects.requireNonNull(node.getEnvironment().getProperty("local.server.port")));
	}

	/** Frames become no messages where nothing but this knows the names. */
	@Bean
	@ConditionalOnProperty(name = OBSERVED, havingValue = "false")
	ConnectAuthenticator connectNames() {
		return (connect) -> {
			if ("refused".equals(connect.login())) {
				throw new ConnectRefusedException("wrong name");
			}
			return (connect.login() != null) ? new Name(connect.login()) : null;
		};
	}

	/** An interceptor of the application's, so that it looks at all frames. */
	@Bean
	@ConditionalOnProperty(name = OBSERVED, havingValue = "true", matchIfMissing = true)
	WebSocketMessageBrokerConfigurer names() {
		return new WebSocketMessageBrokerConfigurer() {

			@Override
			public void configureClientInboundChannel(ChannelRegistration registration) {
				registration.interceptors(new NameFromLogin());
			}

		};
	}

	static final class NameFromLogin implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (headers != null && headers.getMessageType() == SimpMessageType.CONNECT && headers.getLogin() != null) {
				headers.setUser(new Name(headers.getLogin()));
			}
			return message;
		}

	}

	record Name(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}
