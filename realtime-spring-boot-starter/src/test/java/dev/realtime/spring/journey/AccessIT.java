package dev.realtime.spring.journey;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import dev.realtime.spring.testing.PlainUsers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
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
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
				"realtime.topics.halls.presence=true", "realtime.drain.spread=0s", "realtime.security.anonymous=true",
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

	@ParameterizedTest
	@CsvSource({ "open/a, true", "open.b, true", "Z\u00fcrich, true", "leaf/x, true", "leaf/x@y.z, true",
			"tree/x/y, true", "open/A, false", "Open/a, false", "open/a/, false", "open.a, false", "open/b, false",
			"open/./a, false", "open/x/../a, false", "open%2Fa, false", "open%2fa, false", "'open/a ', false",
			"' open/a', false", "open/a?x, false", "open/a#x, false", "open\\a, false", "Zu\u0308rich, false",
			"Z\u00dcRICH, false", "leaf/x/y, false", "leaf.x, false", "tree.x, false", "topic/open/a, false" })
	void rule10_anotherSpellingIsAnotherTopicAtAllDoors(String name, boolean granted) {
		assertThat(doors(name)).as(name).containsOnly(granted);
	}

	/**
	 * A path matcher may ignore empty segments, decode, or cut at a semicolon; the topic
	 * is another one.
	 */
	@ParameterizedTest
	@CsvSource({ "open//a, open/a", "/open/a, open/a", "leaf//x, leaf/x", "leaf/x/, leaf/x", "tree//x, tree/x",
			"tree/, tree", "open%2Eb, open.b", "open/a;x, open/a" })
	void rule10_whatAMatcherTakesForAnotherSpellingIsDecidedAlikeAtAllDoors(String name, String other) {
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/" + other, "x");
		assertThat(Set.copyOf(doors(name))).as(name).hasSize(1);
		HttpResponse<String> messages = get("/realtime/topics/messages?topic=" + encoded(name), null);
		if (messages.statusCode() == 200) {
			assertThat(messages.body()).contains("\"latest\":0");
		}
	}

	@Test
	void rule10_aWildcardBringsOnlyTopicsThatTheUserMayRead() {
		try (StompTestClient ann = connected("ann"); StompTestClient nobody = connected(null)) {
			ann.subscribe("s", "/topic/mixed.*");
			nobody.subscribe("s", "/topic/mixed.*");
			for (String name : List.of("secret", "users", "open", "secret", "open")) {
				this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/mixed." + name, name);
			}
			await().untilAsserted(() -> assertThat(ann.messages()).extracting(StompFrame::body)
				.containsExactlyInAnyOrder("users", "open", "open"));
			await().untilAsserted(
					() -> assertThat(nobody.messages()).extracting(StompFrame::body).containsExactly("open", "open"));
			assertThat(ann.frames()).noneMatch((frame) -> frame.toString().contains("secret"));
		}
		assertThat(subscribes("/topic/secret.*", "ann")).isFalse();
		assertThat(subscribes("/topic/**", "ann")).isFalse();
	}

	/** Returns whether each door opens. */
	private List<Boolean> doors(String name) {
		String topic = "topic=" + encoded(name);
		List<Boolean> doors = new ArrayList<>();
		doors.add(subscribes(("/topic/" + name).replace("\\", "\\\\"), null));
		doors.add(opens("/realtime/poll?" + topic));
		doors.add(opens("/realtime/poll?destination=" + encoded("/topic/" + name)));
		try (EventStream stream = EventStream.open(this.port, topic)) {
			doors.add(stream.events("denied").isEmpty());
		}
		doors.add(get("/realtime/topics/messages?" + topic, null).statusCode() == 200);
		doors.add(get("/realtime/topics/snapshot?" + topic, null).statusCode() == 404);
		return doors;
	}

	private boolean opens(String path) {
		return get(path, null).body().contains("\"event\":\"subscribed\"");
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private StompTestClient connected(@Nullable String user) {
		Map<String, String> handshake = (user != null) ? Map.of("Authorization", basic(user)) : Map.of();
		StompTestClient client = StompTestClient.open(this.port, handshake);
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private boolean subscribes(String destination, @Nullable String user) {
		try (StompTestClient client = connected(user)) {
			client.send("SUBSCRIBE", Map.of("id", "s", "destination", destination, "receipt", "live"), "");
			StompFrame answer = client.await("an answer", (frame) -> "live".equals(frame.get("receipt-id")));
			return answer.command().equals("RECEIPT");
		}
	}

	private HttpResponse<String> get(String path, @Nullable String user) {
		return Polls.ask(this.port, "GET", path, "", headers(user));
	}

	private static String[] headers(@Nullable String user, String... more) {
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
			return PlainUsers.of(User.withUsername("ann").password("{noop}secret").roles("USER").build());
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
				.simpSubscribeDestMatchers("/topic/mixed.secret")
				.denyAll()
				.simpSubscribeDestMatchers("/topic/mixed.users")
				.authenticated()
				.simpSubscribeDestMatchers("/topic/mixed.*")
				.permitAll()
				.simpSubscribeDestMatchers("/topic/public", "/topic/open/a", "/topic/open.b", "/topic/Z\u00fcrich",
						"/topic/leaf/*", "/topic/tree/**")
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
