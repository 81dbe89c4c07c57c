package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.security.ConnectAuthenticator;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Gateways and nodes of one application on a test's servers. */
final class GatewayFleet {

	static final String GATEWAY = "realtime.role=gateway";

	static final String SECRET = "realtime.gateway.secret=0123456789abcdef0123456789abcdef";

	private final FleetServers servers;

	private final List<AutoCloseable> open = new ArrayList<>();

	GatewayFleet(FleetServers servers) {
		this.servers = servers;
	}

	/** Nothing was handled yet, and nothing is held. */
	static void reset() {
		Talk.HANDLED.clear();
		Talk.gate = new CountDownLatch(0);
	}

	/** A node of the application. */
	ConfigurableApplicationContext application(String... more) {
		return start(Talk.class, with(List.of(SECRET), more));
	}

	/**
	 * A gateway, whose SENDs wait long enough for a node that starts on a busy machine.
	 */
	ConfigurableApplicationContext gateway(String... more) {
		return start(NoMethods.class, with(List.of(GATEWAY, SECRET, "realtime.gateway.timeout=60s"), more));
	}

	ConfigurableApplicationContext start(Class<?> methods, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"realtime.drain.spread=0s", "realtime.gateway.lease=6s", "management.health.redis.enabled=false",
				"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(this.servers.with(properties)));
		return closed(new SpringApplicationBuilder(ChatNode.class, methods).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run());
	}

	/** Closed with the fleet, after what was opened later. */
	<T extends AutoCloseable> T closed(T resource) {
		this.open.add(resource);
		return resource;
	}

	/** The same Redis through another port. */
	static String redisAt(int port) {
		return "spring.data.redis.port=" + port;
	}

	void close() throws Exception {
		Talk.gate.countDown();
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
		this.servers.close();
	}

	private static String[] with(List<String> properties, String... more) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	/** A gateway has none. */
	static class NoMethods {

	}

	/** Users with the role of their name. */
	static class Logins {

		@Bean
		ConnectAuthenticator logins() {
			return (connect) -> UsernamePasswordAuthenticationToken.authenticated(connect.login(), null,
					AuthorityUtils.createAuthorityList("ROLE_" + connect.login()));
		}

	}

	/** The application with message rules. */
	@EnableWebSocketSecurity
	@Import(Talk.class)
	static class Secured {

		@Bean
		AuthorizationManager<Message<?>> rules(MessageMatcherDelegatingAuthorizationManager.Builder messages) {
			return messages.simpDestMatchers("/app/admin").hasRole("admin").anyMessage().permitAll().build();
		}

	}

	/** Methods of a gateway's own. */
	@Controller
	static class Local {

		@MessageMapping("/slow")
		void slow(String text) {
			Talk.HANDLED.add("at the gateway " + text);
		}

	}

	/** The application. */
	@Controller
	static class Talk {

		static final Queue<String> HANDLED = new ConcurrentLinkedQueue<>();

		static volatile CountDownLatch gate = new CountDownLatch(0);

		@MessageMapping("/slow")
		void slow(String text, Principal user, @Header("number") String number) throws InterruptedException {
			HANDLED.add(user.getName() + " " + text);
			assertThat(number).isEqualTo(text);
			boolean opened = gate.await(20, TimeUnit.SECONDS);
			assertThat(opened).isTrue();
		}

		@MessageMapping("/admin")
		void admin(String text, Principal user) {
			HANDLED.add(user.getName() + " " + text);
		}

		@MessageMapping("/echo")
		@SendToUser("/queue/echo")
		String echo(String text, Principal user) {
			return user.getName() + " says " + text;
		}

		@MessageMapping("/here")
		@SendToUser(destinations = "/queue/here", broadcast = false)
		String here(String text) {
			return "here " + text;
		}

		@MessageMapping("/room")
		@SendTo("/topic/room.1")
		String room(String text) {
			return text;
		}

		@MessageMapping("/count")
		@SendToUser("/queue/echo")
		String count(SimpMessageHeaderAccessor headers) {
			Map<String, Object> attributes = Objects.requireNonNull(headers.getSessionAttributes());
			return "count " + attributes.merge("count", 1, (one, more) -> (Integer) one + 1);
		}

	}

}
