package dev.realtime.spring.compat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.messaging.simp.user.MultiServerUserRegistry;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.tcp.ReconnectStrategy;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that comes from a broker relay, before and after its registration is
 * replaced.
 */
@ExtendWith(OutputCaptureExtension.class)
class BrokerRelayIT {

	private static final String FLEET_WIDE = "realtime.user-registry.fleet-wide=true";

	@Test
	void rule11_anApplicationWithABrokerRelayKeepsItAndTheRegistryThatItAskedFor(CapturedOutput output) {
		try (ConfigurableApplicationContext node = start(Relayed.class, FLEET_WIDE)) {
			assertThat(node.getBean("stompBrokerRelayMessageHandler"))
				.isInstanceOf(StompBrokerRelayMessageHandler.class);
			assertThat(node.getBean(SimpUserRegistry.class)).isExactlyInstanceOf(MultiServerUserRegistry.class);
			assertThat(output).contains("realtime.user-registry.fleet-wide is not used");
		}
	}

	@Test
	void withAnEndpointOfItsOwnItSeesTheUsersOfAllNodesWhereItAsks() {
		try (ConfigurableApplicationContext node = start(Replaced.class, FLEET_WIDE)) {
			assertThat(node.getBean(SimpUserRegistry.class).toString()).startsWith("local=[");
			assertThat(node.getBean(SimpUserRegistry.class).getUsers()).isEmpty();
		}
		try (ConfigurableApplicationContext node = start(Replaced.class, "realtime.user-registry.fleet-wide=false")) {
			assertThat(node.getBean(SimpUserRegistry.class).toString()).doesNotStartWith("local=[");
		}
	}

	private static ConfigurableApplicationContext start(Class<?> configuration, String property) {
		return new SpringApplicationBuilder(Application.class, configuration).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
					"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false", property)
			.run();
	}

	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class Relayed implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/ws");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableStompBrokerRelay("/topic", "/queue")
				.setTcpClient(new Unreachable())
				.setUserDestinationBroadcast("/topic/unresolved-users")
				.setUserRegistryBroadcast("/topic/registry");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class Replaced implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/ws");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic", "/queue");
		}

	}

	/** A broker that never answers. */
	private static final class Unreachable implements TcpOperations<byte[]> {

		private final List<TcpConnectionHandler<byte[]>> waiting = new CopyOnWriteArrayList<>();

		@Override
		public CompletableFuture<Void> connectAsync(TcpConnectionHandler<byte[]> handler) {
			this.waiting.add(handler);
			return new CompletableFuture<>();
		}

		@Override
		public CompletableFuture<Void> connectAsync(TcpConnectionHandler<byte[]> handler, ReconnectStrategy strategy) {
			return connectAsync(handler);
		}

		@Override
		public CompletableFuture<Void> shutdownAsync() {
			return CompletableFuture.completedFuture(null);
		}

	}

}
