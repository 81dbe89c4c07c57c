package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** A chat node that remembers whom its sessions came from. */
@Configuration(proxyBeanMethods = false)
@Import({ ChatNode.class, ProxiedNode.Addresses.class })
class ProxiedNode {

	static ConfigurableApplicationContext start(int redisPort, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redisPort, "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.client-publish=true", "realtime.security.anonymous=true",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ProxiedNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** Notes the address of each session. */
	static class Addresses implements WebSocketMessageBrokerConfigurer {

		final List<String> seen = new CopyOnWriteArrayList<>();

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.addDecoratorFactory((handler) -> new Noting(handler, this.seen));
		}

	}

	private static final class Noting extends WebSocketHandlerDecorator {

		private final List<String> seen;

		Noting(WebSocketHandler handler, List<String> seen) {
			super(handler);
			this.seen = seen;
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession session) throws Exception {
			this.seen.add(Objects.requireNonNull(session.getRemoteAddress()).getAddress().getHostAddress());
			super.afterConnectionEstablished(session);
		}

	}

}
