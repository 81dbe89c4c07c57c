package dev.realtime.spring.compat;

import dev.realtime.spring.testing.PlainUsers;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.SecurityFilterChain;

/** Login by HTTP basic on the handshake; what each may send and see, by destination. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocketSecurity
class ExistingSecurity {

	static final String PASSWORD = "secret";

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.httpBasic(Customizer.withDefaults())
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@Bean
	UserDetailsService users() {
		return PlainUsers.of(user("ann", "USER"), user("bob", "USER"), user("eve", "USER"), user("ann@b.c", "USER"),
				user("root", "ADMIN"));
	}

	@Bean
	AuthorizationManager<Message<?>> messageAuthorizationManager(
			MessageMatcherDelegatingAuthorizationManager.Builder messages) {
		return messages.nullDestMatcher()
			.permitAll()
			.simpDestMatchers("/app/admin.*")
			.hasRole("ADMIN")
			.simpSubscribeDestMatchers("/topic/admin.*")
			.hasRole("ADMIN")
			.simpDestMatchers("/app/members.*")
			.authenticated()
			.simpTypeMatchers(SimpMessageType.MESSAGE, SimpMessageType.SUBSCRIBE)
			.permitAll()
			.anyMessage()
			.denyAll()
			.build();
	}

	/** Clients are no browsers: nobody can be tricked into sending, so no token. */
	@Bean
	ChannelInterceptor csrfChannelInterceptor() {
		return new ChannelInterceptor() {
		};
	}

	private static UserDetails user(String name, String role) {
		return User.withUsername(name).password("{noop}" + PASSWORD).roles(role).build();
	}

}
