package dev.realtime.spring.stomp;

import java.util.List;

import dev.realtime.spring.Destinations;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BrokerPrefixesTests {

	@ParameterizedTest
	@CsvSource({ "/user, true", "/user/, true", "/user/queue, true", "/users, false", "/presence, false",
			"/topic, false", "/, false" })
	void rule10_thePrefixOfUsersDestinationsIsNoPrefixOfTheBroker(String prefix, boolean refused) {
		BrokerPrefixes prefixes = new BrokerPrefixes(List.of("/topic", prefix), new Destinations(() -> "/user/"));
		if (refused) {
			assertThatThrownBy(prefixes::check).hasMessageContaining('"' + prefix + '"')
				.hasMessageContaining("remove it from enableSimpleBroker");
		}
		else {
			assertThatCode(prefixes::check).doesNotThrowAnyException();
		}
	}

	@Test
	void rule10_anApplicationThatHasItDoesNotStart() {
		assertThatThrownBy(() -> new SpringApplicationBuilder(Open.class).web(WebApplicationType.SERVLET)
			.properties("server.port=0", "realtime.broker=memory", "spring.main.banner-mode=off")
			.run()).hasStackTraceContaining("remove it from enableSimpleBroker");
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationWithoutSecurity
	@EnableWebSocketMessageBroker
	static class Open implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/realtime");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic", "/user");
		}

	}

}
