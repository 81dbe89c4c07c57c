package dev.realtime.spring.journey;

import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Users fetch tickets from one node of two and connect with them to the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TicketsContract {

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	private final int there;

	TicketsContract(String... properties) {
		this.one = start(properties);
		this.two = start(properties);
		this.there = ChatNode.port(this.two);
	}

	private ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.port=" + this.redis.port(),
					"realtime.security.tickets=true", "realtime.topic-defaults.read=authenticated",
					"realtime.topic-defaults.publish=authenticated", "realtime.drain.spread=0s",
					"spring.main.register-shutdown-hook=false")
			.properties(properties)
			.run();
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule10_aTicketOfOneNodeConnectsOnceAndOnAnyNode() {
		String ticket = ticket("ann");
		assertThat(connects(StompTestClient.open(this.there), ticket)).isEqualTo("ann");
		assertThat(connects(StompTestClient.open(this.there), ticket)).isNull();
		assertThat(connects(StompTestClient.open(this.there), ticket("bob"))).isEqualTo("bob");
	}

	@Test
	void rule10_whatIsNoTicketIsRefusedForGood() {
		String ticket = ticket("ann");
		for (String wrong : new String[] { "x", "", ticket + "x", ticket.substring(1), "A".repeat(43) }) {
			try (StompTestClient client = StompTestClient.open(this.there)) {
				connect(client, wrong);
				assertThat(client.await("the ERROR", (frame) -> frame.command().equals("ERROR")).get("message"))
					.isEqualTo("This ticket is not valid, or is no longer valid; fetch another one");
				await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			}
		}
	}

	@Test
	void rule10_withoutATicketNobodyConnectsAndWithoutAUserThereIsNoTicket() {
		try (StompTestClient client = StompTestClient.open(this.there)) {
			connect(client, null);
			await().untilAsserted(() -> assertThat(client.closeReason).isEqualTo("no-user"));
		}
		assertThat(fetch(null).statusCode()).isEqualTo(401);
		assertThat(Polls.ask(ChatNode.webPort(this.one), "GET", "/realtime/ticket", "").statusCode()).isEqualTo(405);
	}

	@Test
	void theHandshakeMayBringIt() {
		assertThat(connects(StompTestClient.openAt(this.there, "/realtime?a=b&ticket=" + ticket("ann")), null))
			.isEqualTo("ann");
		assertThat(connects(StompTestClient.openAt(this.there, "/realtime", "ticket." + ticket("bob")), null))
			.isEqualTo("bob");
	}

	/** The ticket of the handshake is used up when a client renews. */
	@Test
	void rule10_aConnectionIsRenewedWithATicketOfTheSameUserOnce() {
		String ticket = ticket("ann");
		try (StompTestClient client = StompTestClient.openAt(this.there, "/realtime?ticket=" + ticket("ann"))) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
			assertThat(renew(client, "r1", Map.of()).header("reason")).isEqualTo("no-credentials");
			assertThat(renew(client, "r2", Map.of("ticket", ticket)).command()).isEqualTo("RECEIPT");
			assertThat(renew(client, "r3", Map.of("ticket", ticket)).header("reason")).isEqualTo("bad-credentials");
			assertThat(renew(client, "r4", Map.of("ticket", ticket("bob"))).header("reason")).isEqualTo("other-user");
		}
		assertThat(connects(StompTestClient.open(this.there), ticket)).isNull();
	}

	private static StompFrame renew(StompTestClient client, String receipt, Map<String, String> credentials) {
		Map<String, String> headers = new LinkedHashMap<>(credentials);
		headers.putAll(Map.of("destination", "/realtime/auth", "receipt", receipt));
		client.send("SEND", headers, "");
		return client.await(receipt, (frame) -> receipt.equals(frame.get("receipt-id")));
	}

	@Test
	void streamsPollsAndSendsTakeItToo() {
		try (EventStream stream = EventStream.open(this.there, "topic=room.1&ticket=" + ticket("ann"))) {
			assertThat(stream.events("denied")).isEmpty();
		}
		String poll = "topic=room.1&ticket=" + ticket("ann");
		assertThat(Polls.poll(this.there, poll).statusCode()).isEqualTo(200);
		assertThat(Polls.poll(this.there, poll).statusCode()).isEqualTo(401);
		assertThat(Polls.send(this.there, "destination=/topic/room.1&ticket=" + ticket("ann"), "hi").statusCode())
			.isEqualTo(200);
	}

	/** Whoever can read Redis cannot connect with what is there. */
	@Test
	void rule10_theTicketItselfIsKeptNowhere() {
		String ticket = ticket("ann");
		assertKeepsNo(ticket);
		assertThat(connects(StompTestClient.open(this.there), ticket)).isEqualTo("ann");
	}

	/** The tickets' store has something, and neither this ticket nor one for long. */
	void assertKeepsNo(String ticket) {
		assertThat(tickets(ticket, this.redis.uri())).isPositive();
	}

	/** How many tickets a Redis has, none of which is this one. */
	static int tickets(String ticket, String uri) {
		RedisClient client = RedisClient.create(uri);
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			assertThat(connection.sync().keys("rt:*:ticket:*")).allSatisfy((key) -> {
				assertThat(key).doesNotContain(ticket);
				// that of a used one is empty
				assertThat(connection.sync().get(key)).doesNotContain(ticket).matches("|.*\"user\":\"ann\".*");
				assertThat(connection.sync().pttl(key)).isBetween(1L, 30_000L);
			});
			return connection.sync().keys("rt:*:ticket:*").size();
		}
		finally {
			client.shutdown();
		}
	}

	@Test
	void theJavaScriptClientFetchesThemItself() throws Exception {
		boolean netty = this.there != ChatNode.webPort(this.two);
		String transports = netty ? "websocket" : "websocket,sse,poll";
		Process script = new ProcessBuilder("node", "src/test/js/tickets-client.mjs",
				"ws://localhost:" + this.there + "/realtime",
				"http://localhost:" + ChatNode.webPort(this.two) + "/realtime", transports)
			.redirectErrorStream(true)
			.start();
		try (BufferedReader output = script.inputReader()) {
			assertThat(output.lines().toList()).singleElement()
				.asString()

				.isEqualTo(
						netty ? "{\"websocket\":\"ann\"}" : "{\"websocket\":\"ann\",\"sse\":\"ann\",\"poll\":\"ann\"}");
		}
		finally {
			script.destroyForcibly();
		}
	}

	private String ticket(String user) {
		HttpResponse<String> answer = fetch(user);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(Polls.json(answer)).containsEntry("expiresInMs", 30_000);
		return String.valueOf(Polls.json(answer).get("ticket"));
	}

	private HttpResponse<String> fetch(@Nullable String user) {
		String[] headers = (user != null) ? new String[] { UnreadNode.USER, user } : new String[0];
		return Polls.ask(ChatNode.webPort(this.one), "POST", "/realtime/ticket", "", headers);
	}

	/** The user's name in CONNECTED, or null if it does not come. */
	private static @Nullable String connects(StompTestClient opened, @Nullable String ticket) {
		try (StompTestClient client = opened) {
			connect(client, ticket);
			StompFrame answer = client.await("an answer",
					(frame) -> frame.command().equals("CONNECTED") || frame.command().equals("ERROR"));
			return answer.get("user-name");
		}
	}

	private static void connect(StompTestClient client, @Nullable String ticket) {
		Map<String, String> headers = new LinkedHashMap<>(Map.of("accept-version", "1.2", "host", "localhost"));
		if (ticket != null) {
			headers.put("ticket", ticket);
		}
		client.send("CONNECT", headers, "");
	}

	/** A header of requests names the user; CONNECT brings nothing but tickets. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Node {

		@Bean
		OncePerRequestFilter userFromHeader() {
			return new UnreadNode().userFromHeader();
		}

	}

}
