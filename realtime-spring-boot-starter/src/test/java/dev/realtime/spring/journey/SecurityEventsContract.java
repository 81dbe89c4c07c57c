package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.audit.SecurityEvent;
import dev.realtime.spring.sessions.RealtimeSessions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.web.filter.OncePerRequestFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What is refused is reported once, whichever way it took. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecurityEventsContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	private final int web;

	private final List<SecurityEvent> events;

	SecurityEventsContract(String... properties) {
		this.node = new SpringApplicationBuilder(Node.class)
			.properties("server.port=0", "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.security.tickets=true", "realtime.topics.vault.pattern=vault.*",
					"realtime.topics.vault.read=nobody", "realtime.topics.rooms.pattern=room.*",
					"realtime.topics.rooms.read=anyone", "realtime.limits.connections-per-user=3",
					"realtime.limits.connect-timeout=2s", "realtime.allowed-origins=https://app.example.com",
					"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false",
					"spring.main.banner-mode=off")
			.properties(properties)
			.run();
		this.port = ChatNode.port(this.node);
		this.web = ChatNode.webPort(this.node);
		this.events = this.node.getBean(Node.class).events;
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aRefusedSubscribeIsOneEventWhetherTheClientStaysOrNot() {
		double before = counted("subscribe", "no-access");
		try (StompTestClient stays = StompTestClient.connect(this.port, "sub-1");
				StompTestClient leaves = StompTestClient.connectPlain(this.port, "sub-2")) {
			stays.subscribe("s", "/topic/vault.1");
			leaves.send("SUBSCRIBE", Map.of("id", "s", "destination", "/topic/vault.1"), "");
			await().until(() -> leaves.closeCode != null);
			assertOnly("sub-1", "subscribe no-access /topic/vault.1");
			assertOnly("sub-2", "subscribe no-access /topic/vault.1");
			assertThat(counted("subscribe", "no-access") - before).isEqualTo(2);
		}
	}

	@Test
	void soIsThatOfAStreamAndOfAPoll() {
		EventStream.open(this.port, "topic=vault.2&login=stream-1").close();
		assertThat(Polls.poll(this.port, "topic=vault.2&login=poll-1").body()).contains("no-access");
		assertOnly("stream-1", "subscribe no-access /topic/vault.2");
		assertOnly("poll-1", "subscribe no-access /topic/vault.2");
	}

	@Test
	void aRefusedSendIsOneEvent() {
		try (StompTestClient client = StompTestClient.connect(this.port, "send-1")) {
			client.send("SEND", Map.of("destination", "/topic/room.1"), "x");
			assertThat(Polls.send(this.port, "destination=/topic/room.1&login=send-2", "x").statusCode())
				.isEqualTo(403);
			assertOnly("send-1", "send client-publish /topic/room.1");
			assertOnly("send-2", "send client-publish /topic/room.1");
		}
	}

	@Test
	void aBlockEndsOpenConnectionsAndRefusesOthers() {
		RealtimeSessions sessions = this.node.getBean(RealtimeSessions.class);
		try (StompTestClient open = StompTestClient.connect(this.port, "blocked-1")) {
			sessions.block("blocked-1", Duration.ofMinutes(1))
				.toCompletableFuture()
				.orTimeout(10, TimeUnit.SECONDS)
				.join();
			await().until(() -> open.closeCode != null);
			assertOnly("blocked-1", "connection blocked null");
			assertThat(Polls.poll(this.port, "topic=room.1&login=blocked-1").statusCode()).isEqualTo(403);
			assertOnly("blocked-1", "connection blocked null", "connect blocked null");
			assertThat(Polls.ask(this.web, "GET", "/realtime/topics/room.1/messages", "", UnreadNode.USER, "blocked-1")
				.statusCode()).isEqualTo(403);
			assertOnly("blocked-1", "connection blocked null", "connect blocked null", "http blocked room.1");
		}
	}

	@Test
	void aDisconnectIsCountedWithoutTheOperatorsWords() {
		try (StompTestClient open = StompTestClient.connect(this.port, "disconnected-1")) {
			this.node.getBean(RealtimeSessions.class).disconnectUser("disconnected-1", "spam about cats");
			await().until(() -> open.closeCode != null);
			assertOnly("disconnected-1", "connection disconnected null");
		}
	}

	@Test
	void tooManyConnectionsAreRefusedAtTheConnect() {
		try (StompTestClient one = StompTestClient.connect(this.port, "many-1");
				StompTestClient two = StompTestClient.connect(this.port, "many-1");
				StompTestClient three = StompTestClient.connect(this.port, "many-1")) {
			assertThat(Polls.poll(this.port, "topic=room.1&login=many-1").statusCode()).isEqualTo(429);
			assertThat(List.of(one, two, three)).allSatisfy((each) -> assertThat(each.closeCode).isNull());
			assertOnly("many-1", "connect too-many-connections null");
		}
	}

	@Test
	void aConnectionWithoutConnectIsReported() {
		double before = counted("connect", "connect-timeout");
		try (StompTestClient silent = StompTestClient.open(this.port)) {
			await().until(() -> silent.closeCode != null);
			await().until(() -> counted("connect", "connect-timeout") - before == 1);
		}
	}

	@Test
	void aReadOverHttpIsReportedWithItsTopic() {
		assertThat(Polls
			.ask(this.web, "GET", "/realtime/topics/messages?topic=vault.%C3%A4", "", UnreadNode.USER, "reader-1")
			.statusCode()).isEqualTo(403);
		assertOnly("reader-1", "http no-access vault.ä");
	}

	@Test
	void pagesOfOtherOriginsAreReportedAtTheHandshakeAndForStreams() {
		double handshakes = counted("handshake", "origin");
		double requests = counted("http", "origin");
		assertThatThrownBy(() -> StompTestClient.open(this.port, Map.of("Origin", "https://evil.example"))).isNotNull();
		await().until(() -> counted("handshake", "origin") - handshakes == 1);
		assertThat(Polls.send(this.port, "destination=/app/x", "x", "Sec-Fetch-Site", "cross-site").statusCode())
			.isEqualTo(403);
		await().until(() -> counted("http", "origin") - requests == 1);
	}

	@Test
	void aTicketThatIsUsedTwiceIsToldFromOneThatIsNone() {
		String body = Polls.ask(this.web, "POST", "/realtime/ticket", "", UnreadNode.USER, "ticket-1").body();
		String ticket = body.replaceAll(".*\"ticket\":\"([^\"]+)\".*", "$1");
		assertThat(Polls.poll(this.port, "topic=room.1&ticket=" + ticket).statusCode()).isIn(200, 204);
		double used = counted("ticket", "used-ticket");
		double unknown = counted("ticket", "unknown-ticket");
		assertThat(Polls.poll(this.port, "topic=room.1&ticket=" + ticket).statusCode()).isEqualTo(401);
		assertThat(Polls.poll(this.port, "topic=room.1&ticket=" + "A".repeat(43)).statusCode()).isEqualTo(401);
		await().until(() -> counted("ticket", "used-ticket") - used == 1
				&& counted("ticket", "unknown-ticket") - unknown == 1);
		assertThat(this.events).filteredOn((event) -> event.door().tag().equals("ticket"))
			.allSatisfy((event) -> assertThat(event.toString()).doesNotContain(ticket));
	}

	@Test
	void theActuatorsAuditTrailHasThem() {
		try (StompTestClient client = StompTestClient.connect(this.port, "audited-1")) {
			client.subscribe("s", "/topic/vault.3");
			AuditEventRepository repository = this.node.getBean(AuditEventRepository.class);
			await()
				.untilAsserted(() -> assertThat(repository.find("audited-1", null, "REALTIME_REFUSED")).singleElement()
					.satisfies((event) -> assertThat(event.getData()).containsEntry("reason", "no-access")
						.containsEntry("topic", "/topic/vault.3")));
		}
	}

	/** These and no others, even after whatever else the refusal passes. */
	private void assertOnly(String user, String... expected) {
		await().untilAsserted(() -> assertThat(of(user)).hasSizeGreaterThanOrEqualTo(expected.length));
		try (StompTestClient last = StompTestClient.connect(this.port, "last-of-" + user)) {
			last.subscribe("s", "/topic/no-rule.last");
			await().until(() -> !of("last-of-" + user).isEmpty());
		}
		assertThat(of(user)).containsExactly(expected);
		assertThat(this.events).filteredOn((event) -> user.equals(event.user())).allSatisfy((event) -> {
			assertThat(event.address()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
			assertThat(event.node()).isEqualTo(this.node.getBean(RealtimeNode.class).id());
			assertThat(event.session() != null).isEqualTo(!event.door().tag().equals("http"));
		});
	}

	private List<String> of(String user) {
		return this.events.stream()
			.filter((event) -> user.equals(event.user()))
			.map((event) -> event.door().tag() + ' ' + event.reason() + ' ' + event.topic())
			.toList();
	}

	private double counted(String door, String reason) {
		@Nullable FunctionCounter counter = Search.in(this.node.getBean(MeterRegistry.class))
			.name("realtime.refused")
			.tags("door", door, "reason", reason)
			.functionCounter();
		return (counter != null) ? counter.count() : 0;
	}

	/** Keeps every event. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		private final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

		private final UnreadNode named = new UnreadNode();

		@Bean
		OncePerRequestFilter userFromHeader() {
			return this.named.userFromHeader();
		}

		@Bean
		AuditEventRepository auditEventRepository() {
			return new InMemoryAuditEventRepository();
		}

		@EventListener
		void refused(SecurityEvent event) {
			this.events.add(event);
		}

	}

}
