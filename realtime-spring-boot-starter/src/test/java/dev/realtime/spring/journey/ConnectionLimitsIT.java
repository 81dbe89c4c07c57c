package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import dev.realtime.node.RealtimeNode;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Connections of one address or user in the servlet container. */
class ConnectionLimitsIT extends ConnectionLimitsContract {

	ConnectionLimitsIT() {
		super(new SpringApplicationBuilder(LoggedIn.class)
			.properties(properties("server.port=0", "spring.main.banner-mode=off", "realtime.broker=memory",
					"spring.main.register-shutdown-hook=false", "realtime.drain.spread=0s",
					"realtime.security.anonymous=true"))
			.run());
	}

	@Test
	void rule8_socketsOfALoggedInUserCountBeforeTheyConnect() {
		Map<String, String> eve = Map.of("X-User", "eve", "X-Forwarded-For", "192.0.2.1");
		List<StompTestClient> open = new ArrayList<>();
		open.add(StompTestClient.open(this.port, eve));
		open.add(StompTestClient.open(this.port, eve));
		// A socket counts a moment after its handshake; until then one more is closed,
		// not refused.
		await().untilAsserted(() -> assertThatThrownBy(() -> StompTestClient.open(this.port, eve).cut())
			.isInstanceOf(CompletionException.class));
		HttpResponse<String> poll = Polls.poll(this.port, "topic=a", "X-User", "eve", "X-Forwarded-For", "192.0.2.1");
		assertThat(poll.statusCode()).isEqualTo(429);
		assertThat(Polls.json(poll)).containsEntry("reason", "too-many-connections");
		// CONNECT does not count again.
		open.get(0).send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost"), "");
		open.get(0).await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		open.get(1).send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", "fay"), "");
		open.get(1).await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		open.add(StompTestClient.open(this.port, eve));
		open.forEach(StompTestClient::cut);
		await().untilAsserted(() -> StompTestClient.open(this.port, eve).cut());
	}

	@Test
	void rule8_sessionsOfSockJsCountToo() {
		String[] address = { "X-Forwarded-For", "203.0.113.41" };
		for (int i = 0; i < 3; i++) {
			assertThat(Polls.ask(this.port, "POST", "/sockjs/000/s" + i + "/xhr", "", address).body()).isEqualTo("o\n");
		}
		assertThat(Polls.ask(this.port, "POST", "/sockjs/000/s3/xhr", "", address).statusCode()).isEqualTo(429);
		assertThat(refused("203.0.113.41")).isEqualTo(429);
		assertThat(Polls.ask(this.port, "GET", "/sockjs/info", "", address).statusCode()).isEqualTo(200);
	}

	@Test
	void rule8_sessionsOfSockJsThatTheNodeRefusesKeepNoPlace() {
		String[] address = { "X-Forwarded-For", "203.0.113.51" };
		RealtimeNode refusing = this.node.getBean(RealtimeNode.class);
		refusing.refuseConnections(true);
		try {
			for (int i = 0; i < 5; i++) {
				String session = "/sockjs/000/refused" + i;
				assertThat(Polls.ask(this.port, "POST", session + "/xhr", "", address).body())
					.isEqualTo("c[1012,\"restart\"]\n");
				try (StompTestClient socket = StompTestClient.openAt(this.port, session + "w/websocket",
						Map.of("X-Forwarded-For", "203.0.113.51"))) {
					await().untilAsserted(() -> assertThat(socket.closeCode).isEqualTo(1012));
				}
			}
		}
		finally {
			refusing.refuseConnections(false);
		}
		for (int i = 0; i < 3; i++) {
			String session = "/sockjs/000/taken" + i;
			await().untilAsserted(() -> assertThat(Polls.ask(this.port, "POST", session + "/xhr", "", address).body())
				.isEqualTo("o\n"));
		}
		assertThat(Polls.ask(this.port, "POST", "/sockjs/000/late/xhr", "", address).statusCode()).isEqualTo(429);
	}

	/** A node that believes who a request says it is. */
	@Configuration(proxyBeanMethods = false)
	@Import(StreamNode.class)
	static class LoggedIn {

		@Bean
		Filter login() {
			return (request, response, chain) -> {
				HttpServletRequest asked = (HttpServletRequest) request;
				String user = asked.getHeader("X-User");
				chain.doFilter((user == null) ? request : new HttpServletRequestWrapper(asked) {

					@Override
					public Principal getUserPrincipal() {
						return new ChatNode.Name(user);
					}

				}, response);
			};
		}

		@Bean
		WebSocketMessageBrokerConfigurer sockJs() {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void registerStompEndpoints(StompEndpointRegistry registry) {
					registry.addEndpoint("/sockjs").withSockJS();
				}

			};
		}

	}

}
