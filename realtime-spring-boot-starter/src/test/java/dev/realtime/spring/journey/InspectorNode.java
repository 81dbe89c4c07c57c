package dev.realtime.spring.journey;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.realtime.spring.testing.PlainUsers;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * A node whose operators log in, with Spring Security as it is by default otherwise:
 * commands need its token against forged requests. Clients name themselves as they like.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class InspectorNode {

	/** May read the endpoints and disconnect clients. */
	static final String OPERATOR = "olga";

	/** May read the endpoints, and carry out no command. */
	static final String WATCHER = "walt";

	/** May read what the page shows, and not the endpoint of commands. */
	static final String READER = "rita";

	/** Is logged in, and no operator. */
	static final String USER = "ann";

	/** Everybody's password. */
	static final String PASSWORD = "secret";

	static ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.inspector.enabled=true",
				"management.endpoints.web.exposure.include=realtime,realtimesessions",
				"management.health.redis.enabled=false", "realtime.drain.spread=0s", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(InspectorNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests((requests) -> requests.requestMatchers(endpoint("realtime"))
				.hasAnyRole("OPERATOR", "WATCHER", "READER")
				.requestMatchers(HttpMethod.GET, "/actuator/realtimesessions")
				.hasAnyRole("OPERATOR", "WATCHER")
				.requestMatchers(endpoint("realtimesessions"))
				.hasRole("OPERATOR")
				.anyRequest()
				.permitAll())
			.httpBasic(Customizer.withDefaults())
			.build();
	}

	@Bean
	AuditEventRepository trail() {
		return new InMemoryAuditEventRepository();
	}

	@Bean
	UserDetailsService operators() {
		return PlainUsers.of(user(OPERATOR, "OPERATOR"), user(WATCHER, "WATCHER"), user(READER, "READER"),
				user(USER, "USER"));
	}

	@Bean
	WebSocketMessageBrokerConfigurer names() {
		return new WebSocketMessageBrokerConfigurer() {

			@Override
			public void configureClientInboundChannel(ChannelRegistration registration) {
				registration.interceptors(new ChatNode.NameFromLogin());
			}

		};
	}

	private static org.springframework.security.core.userdetails.UserDetails user(String name, String role) {
		return User.withUsername(name).password("{noop}" + PASSWORD).roles(role).build();
	}

	/**
	 * {@code EndpointRequest.to(id)}, which each generation of Boot has in another
	 * package.
	 */
	private static RequestMatcher endpoint(String id) {
		String name = ClassUtils.isPresent("org.springframework.boot.security.autoconfigure.SecurityProperties", null)
				? "org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest"
				: "org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest";
		Method to = Objects
			.requireNonNull(ReflectionUtils.findMethod(ClassUtils.resolveClassName(name, null), "to", String[].class));
		return (RequestMatcher) Objects
			.requireNonNull(ReflectionUtils.invokeMethod(to, null, (Object) new String[] { id }));
	}

}
