package dev.realtime.bench.server;

import dev.realtime.spring.security.ConnectAuthenticator;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.websocket.servlet.JettyWebSocketServletWebServerCustomizer;
import org.springframework.boot.autoconfigure.websocket.servlet.TomcatWebSocketServletWebServerCustomizer;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * The application that is measured, as Spring's documentation sets one up. With the
 * starter its broker becomes ours; with {@code realtime.enabled=false} it stays Spring's.
 * Both containers are on the class path, so what Boot and Spring decide by that is said
 * here.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
class BenchApplication implements WebSocketMessageBrokerConfigurer {

	private final boolean jetty;

	private final boolean starter;

	BenchApplication(@Value("${bench.container}") String container,
			@Value("${realtime.enabled:true}") boolean starter) {
		this.jetty = container.equals("jetty");
		this.starter = starter;
	}

	@Bean
	static ConfigurableServletWebServerFactory container(@Value("${bench.container}") String container) {
		return container.equals("jetty") ? new JettyServletWebServerFactory() : new TomcatServletWebServerFactory();
	}

	@Bean
	static WebServerFactoryCustomizer<?> websocketServletWebServerCustomizer(
			@Value("${bench.container}") String container) {
		return container.equals("jetty") ? new JettyWebSocketServletWebServerCustomizer()
				: new TomcatWebSocketServletWebServerCustomizer();
	}

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		var endpoint = registry.addEndpoint("/realtime");
		if (this.jetty) {
			endpoint.setHandshakeHandler(new DefaultHandshakeHandler(new JettyRequestUpgradeStrategy()));
		}
	}

	@Override
	public void configureMessageBroker(MessageBrokerRegistry registry) {
		registry.enableSimpleBroker("/topic");
		registry.setApplicationDestinationPrefixes("/app");
	}

	/** The starter asks this. */
	@Bean
	static ConnectAuthenticator loginNames() {
		return LoginNames::user;
	}

	/** Spring's simple broker has interceptors for it. */
	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		if (!this.starter) {
			registration.interceptors(new LoginNames());
		}
	}

}
