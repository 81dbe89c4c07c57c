package dev.realtime.spring.guide;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.messaging.access.intercept.MessageAuthorizationContext;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
@EnableWebSocketSecurity
class TokenSecurity {

	/** The servlet port: the handshake, reading over HTTP, streams. */
	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests
			// the handshake carries no token: CONNECT is the login
			.requestMatchers("/realtime", "/realtime/realtime-client.js")
			.permitAll()
			.anyRequest()
			.authenticated())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable) // no cookie logs anyone in
			.cors(Customizer.withDefaults()) // takes realtime.allowed-origins
			.build();
	}

	/** Both ports and all transports: what a user may SUBSCRIBE to, read and SEND. */
	@Bean
	AuthorizationManager<Message<?>> messages(MessageMatcherDelegatingAuthorizationManager.Builder messages,
			RoomMembers members) {
		AuthorizationManager<MessageAuthorizationContext<?>> ofRoom = (user, context) -> new AuthorizationDecision(
				members.isMember(user.get().getName(), context.getVariables().getOrDefault("room", "")));
		String room = "{room:[A-Za-z0-9_-]+}"; // one segment: * would match dots, too
		return messages
			.simpTypeMatchers(SimpMessageType.CONNECT, SimpMessageType.HEARTBEAT, SimpMessageType.UNSUBSCRIBE,
					SimpMessageType.DISCONNECT, SimpMessageType.OTHER)
			.permitAll()
			.simpSubscribeDestMatchers("/topic/room." + room, "/topic/_presence.room." + room)
			.access(ofRoom)
			.simpMessageDestMatchers("/app/room/" + room + "/say")
			.access(ofRoom)
			.simpSubscribeDestMatchers("/user/queue/notices")
			.authenticated()
			.simpMessageDestMatchers("/realtime/typing")
			.authenticated()
			.anyMessage()
			.denyAll()
			.build();
	}

	/**
	 * Replaces the check for a CSRF token in CONNECT: a page cannot forge a bearer token.
	 */
	@Bean
	ChannelInterceptor csrfChannelInterceptor() {
		return new ChannelInterceptor() {
		};
	}

}
