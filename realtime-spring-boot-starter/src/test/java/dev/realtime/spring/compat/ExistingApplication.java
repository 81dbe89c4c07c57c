package dev.realtime.spring.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.spring.testing.BootAutoConfigurations;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

/**
 * An application as people have it: STOMP over WebSocket with the simple broker, and not
 * a word of ours.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
@Import({ ExistingController.class, ExistingSecurity.class, SessionEvents.class })
class ExistingApplication implements WebSocketMessageBrokerConfigurer {

	static final int MAX_FRAME = 256 * 1024;

	private final TaskScheduler heartbeats;

	private final FrameRecorder frames = new FrameRecorder();

	ExistingApplication(@Lazy @Qualifier("messageBrokerTaskScheduler") TaskScheduler heartbeats) {
		this.heartbeats = heartbeats;
	}

	/** Without the starter: Spring's simple broker, which is the reference. */
	static ConfigurableApplicationContext startOnSimpleBroker() {
		List<String> ours = new ArrayList<>(BootAutoConfigurations.HIBERNATE);
		ImportCandidates.load(AutoConfiguration.class, ExistingApplication.class.getClassLoader()).forEach((name) -> {
			if (name.startsWith("dev.realtime.")) {
				ours.add(name);
			}
		});
		return start("spring.autoconfigure.exclude=" + String.join(",", ours));
	}

	static ConfigurableApplicationContext start(String... properties) {
		return startWith(ExistingApplication.class, properties);
	}

	/** With one more configuration. */
	static ConfigurableApplicationContext startWith(Class<?> more, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(Arrays.asList(properties));
		return new SpringApplicationBuilder(ExistingApplication.class, more).bannerMode(Banner.Mode.OFF)
			.run(all.stream().map((each) -> "--" + each).toArray(String[]::new));
	}

	/** Where its WebSockets are: on the Netty listener if there is one. */
	static int port(ConfigurableApplicationContext application) {
		boolean netty = application.getEnvironment().containsProperty("realtime.netty.port");
		return netty ? application.getEnvironment().getRequiredProperty("local.realtime.netty.port", Integer.class)
				: webPort(application);
	}

	/** Where the servlet container listens. */
	static int webPort(ConfigurableApplicationContext application) {
		return Integer.parseInt(Objects.requireNonNull(application.getEnvironment().getProperty("local.server.port")));
	}

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.addEndpoint("/ws").addInterceptors(new AgentAttribute());
		registry.addEndpoint("/sockjs").withSockJS();
	}

	@Override
	public void configureMessageBroker(MessageBrokerRegistry registry) {
		registry.enableSimpleBroker("/topic", "/queue")
			.setHeartbeatValue(new long[] { 2_000, 1_000 })
			.setTaskScheduler(this.heartbeats);
		registry.setApplicationDestinationPrefixes("/app");
	}

	/** One thread, as applications do that need order. */
	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(this.frames).taskExecutor().corePoolSize(1);
	}

	@Override
	public void configureClientOutboundChannel(ChannelRegistration registration) {
		registration.taskExecutor().corePoolSize(1);
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		registration.setMessageSizeLimit(MAX_FRAME);
	}

	@Bean
	FrameRecorder frameRecorder() {
		return this.frames;
	}

	@Bean
	static ServletServerContainerFactoryBean webSocketContainer() {
		ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
		container.setMaxTextMessageBufferSize(MAX_FRAME);
		return container;
	}

	/** Notes a header of the handshake in the session's attributes. */
	private static final class AgentAttribute implements HandshakeInterceptor {

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String agent = request.getHeaders().getFirst("X-Agent");
			attributes.put("agent", (agent != null) ? agent : "unknown");
			return true;
		}

		@Override
		public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				@Nullable Exception exception) {
			// Nothing to do.
		}

	}

}
