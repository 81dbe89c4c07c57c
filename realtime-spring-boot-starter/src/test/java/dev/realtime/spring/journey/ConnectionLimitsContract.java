package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How many connections an address and a user may have on a node: three and two. Clients
 * come through a proxy on this machine, which is trusted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectionLimitsContract {

	private static final String[] PROPERTIES = { "realtime.limits.connections-per-address=3",
			"realtime.limits.connections-per-user=2", "server.forward-headers-strategy=native",
			"realtime.netty.trusted-proxies=127.0.0.1,::1", "realtime.limits.exempt-addresses=192.0.2.0/24",
			"realtime.http.sse-heartbeat=1s" };

	final ConfigurableApplicationContext node;

	final int port;

	ConnectionLimitsContract(ConfigurableApplicationContext node) {
		this.node = node;
		this.port = ChatNode.port(node);
	}

	static String[] properties(String... more) {
		List<String> all = new ArrayList<>(List.of(PROPERTIES));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_anAddressHasSoManySocketsWhetherTheyConnectOrNot() {
		List<StompTestClient> open = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			open.add(open("203.0.113.1"));
		}
		awaitFull("203.0.113.1");
		assertThat(Polls.poll(this.port, "topic=a", "X-Forwarded-For", "203.0.113.1").statusCode()).isEqualTo(429);
		open("203.0.113.2").cut();
		open.get(0).cut();
		await().untilAsserted(() -> open.add(open("203.0.113.1")));
		awaitFull("203.0.113.1");
		open.forEach(StompTestClient::cut);
	}

	@Test
	void rule8_streamsCountWhileTheyLast() {
		String[] address = { "X-Forwarded-For", "203.0.113.11" };
		List<EventStream> streams = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			streams.add(EventStream.open(this.port, "topic=a", address));
		}
		awaitFull("203.0.113.11");
		for (HttpResponse<String> answer : List.of(Polls.poll(this.port, "topic=a", address),
				Polls.ask(this.port, "GET", "/realtime/sse?topic=a", "", address),
				Polls.send(this.port, "destination=/app/say", "hi", address))) {
			assertThat(answer.statusCode()).isEqualTo(429);
			assertThat(answer.headers().firstValue("Retry-After")).isPresent();
			assertThat(Polls.json(answer)).containsEntry("reason", "too-many-connections");
		}
		streams.get(0).close();
		await()
			.untilAsserted(() -> assertThat(Polls.send(this.port, "destination=/app/say", "hi", address).statusCode())
				.isEqualTo(204));
		streams.forEach(EventStream::close);
	}

	@Test
	void pollsOneAfterTheOtherNeedOnePlace() {
		for (int i = 0; i < 20; i++) {
			assertThat(Polls.send(this.port, "destination=/app/say", "m" + i, "X-Forwarded-For", "203.0.113.21")
				.statusCode()).isEqualTo(204);
		}
	}

	@Test
	void whatAClientWritesInFrontOfItsAddressDoesNotCount() {
		List<StompTestClient> open = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			open.add(open("198.51.100." + i + ", 203.0.113.31"));
		}
		awaitFull("198.51.100.9, 203.0.113.31");
		open("198.51.100.0").cut();
		open.forEach(StompTestClient::cut);
	}

	@Test
	void theAddressesOfAnIpv6NetworkAreOneAndExemptOnesHaveAnyNumber() {
		List<StompTestClient> open = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			open.add(open("2001:db8::" + (i + 1)));
		}
		awaitFull("2001:db8::77");
		open.add(open("2001:db8:0:1::1"));
		for (int i = 0; i < 5; i++) {
			open.add(open("192.0.2.7"));
		}
		open.forEach(StompTestClient::cut);
	}

	@Test
	void rule8_aUserHasSoManyConnections() {
		StompTestClient first = StompTestClient.connect(this.port, "ann");
		StompTestClient second = StompTestClient.connect(this.port, "ann");
		StompTestClient third = StompTestClient.open(this.port, Map.of("X-Forwarded-For", "192.0.2.1"));
		third.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", "ann"), "");
		await().untilAsserted(() -> assertThat(third.closeReason).isEqualTo("too-many-connections"));
		assertThat(third.closeCode).isEqualTo(1008);
		HttpResponse<String> poll = Polls.poll(this.port, "topic=a&login=ann", "X-Forwarded-For", "192.0.2.1");
		assertThat(poll.statusCode()).isEqualTo(429);
		assertThat(Polls.json(poll)).containsEntry("reason", "too-many-connections");
		first.cut();
		await().untilAsserted(() -> assertThat(
				Polls.send(this.port, "destination=/app/say&login=ann", "hi", "X-Forwarded-For", "192.0.2.1")
					.statusCode())
			.isEqualTo(204));
		// Each leaves its place before the client can ask again.
		for (int i = 0; i < 20; i++) {
			assertThat(Polls.send(this.port, "destination=/app/say&login=ann", "m" + i, "X-Forwarded-For", "192.0.2.1")
				.statusCode()).isEqualTo(204);
		}
		second.cut();
	}

	/** In the servlet container a socket counts a moment after its handshake. */
	private void awaitFull(String address) {
		await().untilAsserted(() -> assertThat(refused(address)).isEqualTo(429));
	}

	final StompTestClient open(String address) {
		return StompTestClient.open(this.port, Map.of("X-Forwarded-For", address));
	}

	/** The status of a handshake's refusal. */
	final @Nullable Integer refused(String address) {
		try {
			open(address).cut();
			return null;
		}
		catch (CompletionException ex) {
			return (ex.getCause() instanceof WebSocketHandshakeException refused) ? refused.getResponse().statusCode()
					: null;
		}
	}

}
