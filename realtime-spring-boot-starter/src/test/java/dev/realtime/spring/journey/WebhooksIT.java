package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import dev.realtime.loop.LoopState;
import dev.realtime.loop.Loops;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.testing.Keystores;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/** Webhooks of a node, received by a real HTTP server. */
class WebhooksIT {

	private static final Duration DELAY = Duration.ofSeconds(20);

	private static final String NEW_SECRET = "bmV3LXNlY3JldC0wMTIzNDU2Nzg5LTAxMjM0NTY3ODk=";

	private static final String OLD_SECRET = "b2xkLXNlY3JldC0wMTIzNDU2Nzg5LTAxMjM0NTY3ODk=";

	private final HookReceiver receiver = new HookReceiver(null);

	private final CountDownLatch end = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.end.countDown();
		this.receiver.close();
	}

	@Test
	void tellsInSignedRequestsOfTopicsThatAreOccupiedAndVacated() {
		try (ConfigurableApplicationContext node = node("realtime.webhooks.test.topics=room.*")) {
			try (StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("o", "/topic/other.1");
				ann.subscribe("s", "/topic/room.1");
				awaitEvents("topic.occupied room.1");
			}
			awaitEvents("topic.occupied room.1", "topic.vacated room.1");
			assertThat(this.receiver.requests()).allSatisfy((request) -> {
				assertThat(request.method()).isEqualTo("POST");
				assertThat(request.uri()).isEqualTo("/hooks?from=test");
				assertThat(request.contentType()).isEqualTo("application/json");
				assertThat(request.body())
					.matches("\\{\"type\":\"topic.(occupied|vacated)\",\"timestamp\":\"20[^\"]+Z\","
							+ "\"data\":\\{\"topic\":\"room.1\",\"node\":\"node-1\"}}");
				assertThat(Long.parseLong(request.timestamp())).isCloseTo(Instant.now().getEpochSecond(), within(60L));
				assertThat(request.isSignedWith(NEW_SECRET)).isTrue();
				assertThat(request.isSignedWith(OLD_SECRET)).isTrue();
				assertThat(request.isSignedWith(NEW_SECRET.replace('b', 'c'))).isFalse();
			});
			assertThat(ids()).hasSize(2);
			await().atMost(DELAY).until(() -> count(node, "delivered") == 2);
			assertThat(node.getBean(MeterRegistry.class).get("realtime.webhooks.waiting").gauge().value()).isZero();
		}
	}

	@Test
	void repeatsARequestAfterAFailureWhateverItIs() {
		HookReceiver.Behaviour[] failures = { HookReceiver.answers(500), (exchange) -> exchange.close(),
				(exchange) -> blockUntilTheEnd(), WebhooksIT::answersForAMinute };
		for (HookReceiver.Behaviour failure : failures) {
			HookReceiver failing = new HookReceiver(null);
			failing.behaviour = (exchange) -> ((failing.requests().size() < 2) ? failure : HookReceiver.ACCEPTS)
				.answer(exchange);
			try (failing;
					ConfigurableApplicationContext node = node("realtime.webhooks.test.timeout=3s", url(failing));
					StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("s", "/topic/room.1");
				await().atMost(DELAY).until(() -> count(node, "delivered") == 1);
				String id = failing.requests().get(0).id();
				assertThat(failing.requests()).hasSizeGreaterThanOrEqualTo(2)
					.allMatch((request) -> request.isSignedWith(NEW_SECRET) && request.id().equals(id));
			}
		}
	}

	@Test
	void anEndlessAnswerCountsByItsStatus() {
		this.receiver.behaviour = (exchange) -> {
			exchange.sendResponseHeaders(200, 0);
			while (true) {
				exchange.getResponseBody().write(new byte[1_024]);
			}
		};
		try (ConfigurableApplicationContext node = node();
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			await().atMost(DELAY).until(() -> count(node, "delivered") == 1);
		}
	}

	@Test
	void followsNoRedirect() {
		this.receiver.behaviour = (exchange) -> {
			exchange.getResponseHeaders().add("Location", "/elsewhere");
			exchange.sendResponseHeaders(307, -1);
		};
		try (ConfigurableApplicationContext node = node();
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			await().atMost(DELAY).until(() -> count(node, "rejected") == 1);
			assertThat(this.receiver.requests()).hasSize(1);
		}
	}

	@Test
	void rule5_aReceiverThatNeverAnswersDelaysNoSubscriber() {
		this.receiver.behaviour = (exchange) -> blockUntilTheEnd();
		Instant closing;
		try (ConfigurableApplicationContext node = node("realtime.webhooks.test.queue=4",
				"realtime.webhooks.test.requests=1", "realtime.webhooks.test.shutdown-timeout=1s");
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			for (int i = 0; i < 20; i++) {
				ann.subscribe("s" + i, "/topic/room." + i);
			}
			await().atMost(DELAY).until(() -> count(node, "dropped") == 16);
			ann.send("SEND", Map.of("destination", "/topic/room.1"), "hello");
			ann.await("the message", StompFrame::isMessage);
			closing = Instant.now();
		}
		assertThat(Duration.between(closing, Instant.now())).isLessThan(Duration.ofSeconds(15));
	}

	/** The name of a receiver may be looked up for long. */
	@Test
	void eachWebhookHasThreadsOfItsOwnWhichHealthDoesNotWatch() {
		try (ConfigurableApplicationContext node = node("realtime.webhooks.other.url=http://localhost:1/",
				"realtime.webhooks.other.secret=" + NEW_SECRET, "realtime.webhooks.test.requests=2");
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			await().atMost(DELAY).until(() -> count(node, "delivered") == 1);
			await().atMost(DELAY)
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.map(Thread::getName)
					.collect(Collectors.toSet())
					.containsAll(Set.of("realtime-webhooks-http-test-1", "realtime-webhooks-http-other-1")));
			assertThat(node.getBean(Loops.class).states()).extracting(LoopState::name)
				.contains("realtime-webhooks")
				.noneMatch((name) -> name.startsWith("realtime-webhooks-http"));
		}
	}

	@Test
	void aNodeThatEndsDeliversWhatWaits() {
		this.receiver.behaviour = HookReceiver.answers(503);
		ConfigurableApplicationContext node = node();
		try (node; StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			ann.subscribe("t", "/topic/room.2");
			await().atMost(DELAY).until(() -> this.receiver.requests().size() >= 4);
			this.receiver.behaviour = HookReceiver.ACCEPTS;
			int before = this.receiver.requests().size();
			node.close();
			assertThat(Set.copyOf(this.receiver.events().subList(before - 1, this.receiver.events().size())))
				.contains("topic.occupied room.1", "topic.occupied room.2");
		}
	}

	@Test
	void trustsTheCertificatesOfItsBundle(@TempDir Path folder) throws Exception {
		Path store = Keystores.create(folder, "receiver");
		try (HookReceiver secure = new HookReceiver(serverTls(store))) {
			String bundle = "spring.ssl.bundle.pem.hooks.truststore.certificate=file:" + Keystores.certificate(store);
			String url = "realtime.webhooks.test.url=https://localhost:" + secure.port() + "/hooks";
			try (ConfigurableApplicationContext node = node(url, bundle, "realtime.webhooks.test.ssl-bundle=hooks",
					"realtime.webhooks.test.requests=1");
					StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("s", "/topic/room.1");
				await().atMost(DELAY).until(() -> count(node, "delivered") == 1);
				assertThat(secure.events()).containsExactly("topic.occupied room.1");
			}
			try (ConfigurableApplicationContext node = node(url);
					StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("s", "/topic/room.1");
				await().atMost(DELAY)
					.until(() -> node.getBean(MeterRegistry.class)
						.get("realtime.webhooks.retries")
						.functionCounter()
						.count() > 0);
				assertThat(secure.requests()).hasSize(1);
			}
		}
	}

	@Test
	void tellsOfClientsThatConnectAndDisconnectIfItIsAskedTo() {
		try (ConfigurableApplicationContext node = node("realtime.topic-events.enabled=false",
				"realtime.webhooks.test.events=client-connected,client-disconnected",
				"realtime.webhooks.test.topics=room.*")) {
			try (StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("s", "/topic/room.1");
				await().atMost(DELAY).until(() -> clients().equals(List.of("client.connected ann")));
			}
			await().atMost(DELAY)
				.until(() -> clients().equals(List.of("client.connected ann", "client.disconnected ann")));
			assertThat(Polls.poll(ChatNode.port(node), "topic=room.1&wait=1").statusCode()).isEqualTo(200);
			StompTestClient.connect(ChatNode.port(node), "bob").close();
			await().atMost(DELAY).until(() -> this.receiver.requests().size() >= 4);
			assertThat(clients()).containsExactly("client.connected ann", "client.disconnected ann",
					"client.connected bob", "client.disconnected bob");
			List<String> bodies = this.receiver.requests().stream().map(HookReceiver.Request::body).toList();
			assertThat(bodies.get(0)).matches("\\{\"type\":\"client.connected\",\"timestamp\":\"20[^\"]+Z\",\"data\":"
					+ "\\{\"connection\":\"[^\"]+\",\"user\":\"ann\",\"transport\":\"[a-z]+\",\"node\":\"node-1\"}}");
			assertThat(bodies.get(1).replaceAll(".*\"connection\":\"([^\"]+)\".*", "$1"))
				.isEqualTo(bodies.get(0).replaceAll(".*\"connection\":\"([^\"]+)\".*", "$1"));
		}
	}

	@Test
	void clientsAreOnlyWatchedForWebhooksThatAreToldOfThem() {
		try (ConfigurableApplicationContext node = node()) {
			assertThat(node.getBeanDefinitionNames()).contains("realtimeWebhooks")
				.doesNotContain("realtimeWebhookClientEvents");
		}
	}

	@Test
	void doesNotStartIfNothingWouldEverBeSent() {
		assertThatThrownBy(() -> node("realtime.topic-events.enabled=false").close())
			.hasRootCauseInstanceOf(InvalidRealtimePropertyException.class)
			.rootCause()
			.hasMessageStartingWith("Property realtime.topic-events.enabled = \"false\": must be true, because "
					+ "realtime.webhooks.test is told of topics");
		assertThatThrownBy(() -> node("realtime.webhooks.test.ssl-bundle=none").close()).rootCause()
			.hasMessageStartingWith("Property realtime.webhooks.test.ssl-bundle = \"none\"");
	}

	@Test
	void withoutWebhooksThereIsNothing() {
		try (ConfigurableApplicationContext node = ChatNode.startAlone()) {
			assertThat(node.getBeanDefinitionNames())
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("webhook"));
		}
	}

	private ConfigurableApplicationContext node(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.node-id=node-1", "realtime.topic-events.enabled=true",
				"realtime.topic-events.grace=100ms", url(this.receiver),
				"realtime.webhooks.test.secret=whsec_" + NEW_SECRET + ',' + OLD_SECRET));
		all.addAll(List.of(properties));
		return ChatNode.startAlone(all.toArray(String[]::new));
	}

	private static String url(HookReceiver receiver) {
		return "realtime.webhooks.test.url=http://localhost:" + receiver.port() + "/hooks?from=test";
	}

	private void awaitEvents(String... events) {
		await().atMost(DELAY).until(() -> this.receiver.events().equals(List.of(events)));
	}

	private List<String> clients() {
		return this.receiver.requests()
			.stream()
			.map((request) -> request.body().replaceAll("\\{\"type\":\"([^\"]+)\".*\"user\":\"([^\"]+)\".*", "$1 $2"))
			.toList();
	}

	private Set<String> ids() {
		Set<String> ids = new HashSet<>();
		this.receiver.requests().forEach((request) -> ids.add(request.id()));
		return ids;
	}

	private static long count(ConfigurableApplicationContext node, String outcome) {
		return (long) node.getBean(MeterRegistry.class)
			.get("realtime.webhooks")
			.tags("name", "test", "outcome", outcome)
			.functionCounter()
			.count();
	}

	private void blockUntilTheEnd() throws IOException {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A status, and then a byte from time to time. */
	private static void answersForAMinute(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		CountDownLatch never = new CountDownLatch(1);
		try {
			for (int i = 0; i < 600; i++) {
				exchange.getResponseBody().write('x');
				exchange.getResponseBody().flush();
				boolean unused = never.await(100, TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static SSLContext serverTls(Path store) throws Exception {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(store)) {
			keys.load(in, Keystores.PASSWORD.toCharArray());
		}
		KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		managers.init(keys, Keystores.PASSWORD.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(managers.getKeyManagers(), null, null);
		return context;
	}

}
