package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One application's message rules, asked through all doors. The rules do not end with
 * {@code anyMessage().denyAll()}, so they say nothing about most destinations.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Guarded.class)
		.properties("server.port=0", "realtime.broker=memory", "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.presence=true", "realtime.topics.secrets.pattern=secret.*",
				"realtime.topics.secrets.presence=true", "realtime.topics.halls.pattern=hall.*",
				"realtime.topics.halls.presence=true", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false", "spring.main.banner-mode=off")
		.run();

	private final int port = ChatNode.webPort(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource({ "public, /topic/public, , true", "public, /topic/public, ann, true",
			"room.42, /topic/room.42, , false", "room.42, /topic/room.42, ann, true",
			"_presence.room.42, /topic/_presence.room.42, , false",
			"_presence.room.42, /topic/_presence.room.42, ann, false", "hall.1, /topic/hall.1, ann, true",
			"_presence.hall.1, /topic/_presence.hall.1, ann, true", "secret.1, /topic/secret.1, , false",
			"secret.1, /topic/secret.1, ann, false", "_presence.secret.1, /topic/_presence.secret.1, ann, false",
			"_queue.orders, /queue/orders, , false", "_queue.orders, /queue/orders, ann, false",
			"_user.ann.queue.notices, /user/queue/notices, ann, true",
			"_user.ann.queue.other, /user/queue/other, ann, false" })
	void rule10_whatNoRuleGrantsIsDeniedByStompAndHttpAlike(String topic, String destination, String user,
			boolean granted) {
		assertThat(subscribes(destination, user)).as("STOMP").isEqualTo(granted);
		assertThat(get("/realtime/topics/" + topic + "/messages", user).statusCode()).as("messages")
			.isEqualTo(granted ? 200 : 403);
		assertThat(get("/realtime/poll?destination=" + destination, user).body()).as("poll")
			.contains(granted ? "\"event\":\"subscribed\"" : "\"event\":\"denied\"");
		assertThat(get("/realtime/topics/" + topic + "/snapshot", user).statusCode()).as("snapshot")
			.isEqualTo(granted ? 404 : 403);
	}

	@ParameterizedTest
	@CsvSource({ "room.42, , false", "room.42, ann, true", "secret.1, , false", "secret.1, ann, false" })
	void rule10_membersAndTypingAreForThoseWhoMayReadTheTopic(String topic, String user, boolean granted) {
		assertThat(get("/realtime/topics/" + topic + "/presence", user).statusCode()).isEqualTo(granted ? 200 : 403);
		assertThat(Polls
			.ask(this.port, "POST", "/realtime/presence/query", "{\"topic\":\"" + topic + "\",\"users\":[]}",
					headers(user, "Content-Type", "application/json"))
			.statusCode()).isEqualTo(granted ? 200 : 403);
		assertThat(Polls
			.ask(this.port, "POST", "/realtime/send?destination=/realtime/typing&typing=true&topic=" + topic, "",
					headers(user))
			.statusCode()).isEqualTo(granted ? 204 : (user == null) ? 401 : 403);
	}

	private boolean subscribes(String destination, String user) {
		Map<String, String> handshake = (user != null) ? Map.of("Authorization", basic(user)) : Map.of();
		try (StompTestClient client = StompTestClient.open(this.port, handshake)) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			client.send("SUBSCRIBE", Map.of("id", "s", "destination", destination, "receipt", "live"), "");
			StompFrame answer = client.await("an answer", (frame) -> "live".equals(frame.get("receipt-id")));
			return answer.command().equals("RECEIPT");
		}
	}

	private HttpResponse<String> get(String path, String user) {
		return Polls.ask(this.port, "GET", path, "", headers(user));
	}

	private static String[] headers(String user, String... more) {
		if (user == null) {
			return more;
		}
		String[] all = java.util.Arrays.copyOf(more, more.length + 2);
		all[more.length] = "Authorization";
		all[more.length + 1] = basic(user);
		return all;
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
	}

	/** An application with rules for some destinations. */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableWebSocketSecurity
	static class Guarded {

		@Bean
		SecurityFilterChain http(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(
					User.withUsername("ann").password("{noop}secret").roles("USER").build());
		}

		@Bean
		AuthorizationManager<Message<?>> messageAuthorizationManager(
				MessageMatcherDelegatingAuthorizationManager.Builder messages) {
			return messages
				.simpTypeMatchers(SimpMessageType.CONNECT, SimpMessageType.DISCONNECT, SimpMessageType.HEARTBEAT,
						SimpMessageType.UNSUBSCRIBE, SimpMessageType.OTHER)
				.permitAll()
				.simpMessageDestMatchers("/realtime/typing")
				.permitAll()
				.simpSubscribeDestMatchers("/topic/public")
				.permitAll()
				.simpSubscribeDestMatchers("/topic/room.*", "/topic/hall.*", "/topic/_presence.hall.*",
						"/user/queue/notices")
				.authenticated()
				.build();
		}

		/** Clients are no browsers: nobody can be tricked into sending, so no token. */
		@Bean
		ChannelInterceptor csrfChannelInterceptor() {
			return new ChannelInterceptor() {
			};
		}

	}

}
