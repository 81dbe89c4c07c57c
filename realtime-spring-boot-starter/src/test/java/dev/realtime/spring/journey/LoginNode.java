package dev.realtime.spring.journey;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.spring.testing.PlainUsers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A node with a login form, whose users are known by their HTTP session. */
@SpringBootConfiguration
@EnableAutoConfiguration
class LoginNode {

	static ConfigurableApplicationContext start(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(LoginNode.class));
		sources.addAll(List.of(more));
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
					"realtime.security.anonymous=true", "server.tomcat.background-processor-delay=1s",
					"spring.main.register-shutdown-hook=false")
			.run();
	}

	@Bean
	SecurityFilterChain http(HttpSecurity http, SessionRegistry sessions) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.formLogin(Customizer.withDefaults())
			.sessionManagement((management) -> management.maximumSessions(10).sessionRegistry(sessions))
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@Bean
	UserDetailsService users() {
		return PlainUsers.of(User.withUsername("ann").password("{noop}secret").roles("USER").build(),
				User.withUsername("bob").password("{noop}secret").roles("USER").build());
	}

	@Bean
	SessionRegistry sessionRegistry() {
		return new SessionRegistryImpl();
	}

	@Bean
	HttpSessionEventPublisher sessionEvents() {
		return new HttpSessionEventPublisher();
	}

	/**
	 * Where a session begins before a login, and gets a shorter life. The answers are not
	 * flushed: a client that has one could otherwise send its next request before Spring
	 * Session stores this one's session again, and an in-memory repository stores it
	 * whole, without what that next request has changed.
	 */
	@RestController
	static class Visits {

		@GetMapping("/visit")
		void visit(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.getWriter().print(request.getSession().getId());
		}

		@GetMapping("/hurry")
		void hurry(HttpServletRequest request, HttpServletResponse response) throws IOException {
			HttpSession session = request.getSession();
			session.setMaxInactiveInterval(1);
			response.getWriter().print(session.getId());
		}

	}

}
