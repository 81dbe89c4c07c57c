package dev.realtime.spring.guide;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@Configuration(proxyBeanMethods = false)
@EnableWebSocketSecurity
class CookieSecurity {

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests((requests) -> requests.requestMatchers("/realtime/realtime-client.js", "/csrf")
				.permitAll()
				.anyRequest() // the handshake, too
				.authenticated())
			.formLogin(Customizer.withDefaults())
			.build();
	}

	@Bean
	AuthorizationManager<Message<?>> messages(MessageMatcherDelegatingAuthorizationManager.Builder messages) {
		return messages
			.simpTypeMatchers(SimpMessageType.CONNECT, SimpMessageType.HEARTBEAT, SimpMessageType.UNSUBSCRIBE,
					SimpMessageType.DISCONNECT, SimpMessageType.OTHER)
			.authenticated()
			.simpSubscribeDestMatchers("/topic/news")
			.authenticated()
			.anyMessage()
			.denyAll()
			.build();
	}

	/** What a page puts into {@code connectHeaders}. */
	@RestController
	static class Csrf {

		@GetMapping("/csrf")
		CsrfToken csrf(CsrfToken token) {
			return token;
		}

	}

}
