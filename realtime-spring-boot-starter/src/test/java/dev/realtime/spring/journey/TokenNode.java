package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.spring.testing.PlainUsers;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/**
 * A node that lets the handshake pass, with a login by HTTP basic or none, checks JWTs in
 * CONNECT, and has Spring Security decide who may send and see what.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketSecurity
class TokenNode {

	static final Tokens TOKENS = new Tokens();

	static ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true",
				"realtime.topics.rooms.client-publish=true", "realtime.drain.spread=0s",
				"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(TokenNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	JwtDecoder jwtDecoder() {
		return TOKENS.decoder();
	}

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.httpBasic(Customizer.withDefaults())
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@Bean
	UserDetailsService users() {
		return PlainUsers.of(User.withUsername("handshake").password("{noop}secret").authorities("SCOPE_chat").build());
	}

	@Bean
	AuthorizationManager<Message<?>> messageAuthorizationManager(
			MessageMatcherDelegatingAuthorizationManager.Builder messages) {
		return messages.simpTypeMatchers(SimpMessageType.CONNECT, SimpMessageType.DISCONNECT)
			.permitAll()
			.simpSubscribeDestMatchers("/topic/public")
			.permitAll()
			.simpSubscribeDestMatchers("/topic/room.*", "/user/queue/*")
			.hasAuthority("SCOPE_chat")
			.simpMessageDestMatchers("/topic/room.*")
			.hasAuthority("SCOPE_chat")
			.anyMessage()
			.denyAll()
			.build();
	}

	/** A token in CONNECT needs no other against forgery. */
	@Bean
	ChannelInterceptor csrfChannelInterceptor() {
		return new ChannelInterceptor() {
		};
	}

}
