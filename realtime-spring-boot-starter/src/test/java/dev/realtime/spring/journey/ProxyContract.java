package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes behind a proxy that has the configuration of {@code docs/operations.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ProxyContract {

	/** What the document says that nodes behind a proxy have. */
	private static final String[] BEHIND_A_PROXY = { "server.forward-headers-strategy=native",
			"server.tomcat.remoteip.internal-proxies=127\\.0\\.0\\.1", "realtime.netty.trusted-proxies=127.0.0.1",
			"management.endpoint.health.probes.enabled=true", "realtime.drain.spread=2s", "realtime.drain.timeout=5s" };

	private final String program;

	private final String[] properties;

	private RedisServer redis;

	private ConfigurableApplicationContext one;

	private ConfigurableApplicationContext two;

	private ProxyServer proxy;

	ProxyContract(String program, String... properties) {
		this.program = program;
		this.properties = Stream.concat(Stream.of(BEHIND_A_PROXY), Stream.of(properties)).toArray(String[]::new);
	}

	/** Starts the proxy before these nodes. */
	abstract ProxyServer start(ConfigurableApplicationContext one, ConfigurableApplicationContext two);

	@BeforeAll
	void start() {
		ProxyServer.requireInstalled(this.program);
		this.redis = RedisServer.start();
		this.one = ProxiedNode.start(this.redis.port(), this.properties);
		this.two = ProxiedNode.start(this.redis.port(), this.properties);
		for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
			assertThat(Http.get(ChatNode.webPort(node), "/actuator/health/readiness").statusCode()).isEqualTo(200);
		}
		this.proxy = start(this.one, this.two);
	}

	@AfterAll
	void stop() {
		Stream.of(this.proxy, this.one, this.two, this.redis).filter(Objects::nonNull).forEach((each) -> {
			try {
				each.close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	@Test
	@Order(1)
	void webSocketsPassToBothNodes() {
		List<StompTestClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 4; i++) {
				StompTestClient client = StompTestClient.connect(this.proxy.port(), "user-" + i);
				clients.add(client);
				client.subscribe("sub-0", "/topic/room.sockets");
			}
			assertThat(connections(this.one)).isPositive();
			assertThat(connections(this.two)).isPositive();
			clients.get(0).send("SEND", Map.of("destination", "/topic/room.sockets"), "hello");
			for (StompTestClient client : clients) {
				client.await("the message", (frame) -> frame.isMessage() && frame.body().equals("hello"));
			}
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	@Test
	@Order(2)
	void anEventIsNotHeldBackUntilMoreCome() {
		try (EventStream stream = EventStream.open(this.proxy.port(), "topic=room.events")) {
			for (int i = 1; i <= 3; i++) {
				int count = i;
				StreamNode.publish(this.two, "room.events", Content.text("m"));
				await().atMost(Duration.ofSeconds(2)).until(() -> stream.messages().size() == count);
			}
			assertThat(stream.answer().headers().map()).containsEntry("content-type",
					List.of("text/event-stream;charset=UTF-8"));
		}
	}

	@Test
	@Order(3)
	void aPollWaitsForNewsAndIsAnsweredAtOnce() {
		String position = Polls.position(Polls.poll(this.proxy.port(), "topic=room.polls"));
		CompletableFuture<HttpResponse<String>> parked = CompletableFuture
			.supplyAsync(() -> Polls.poll(this.proxy.port(), "topic=room.polls&position=" + position));
		await().during(Duration.ofMillis(500)).until(() -> !parked.isDone());
		StreamNode.publish(this.one, "room.polls", Content.text("news"));
		HttpResponse<String> answer = parked.orTimeout(2, TimeUnit.SECONDS).join();
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).contains("news");
		assertThat(Polls.send(this.proxy.port(), "destination=/topic/room.polls", "sent").statusCode()).isLessThan(300);
	}

	@Test
	@Order(4)
	void theClientsAddressIsKnownAndCannotBeForged() throws IOException {
		List<String> seen = new CopyOnWriteArrayList<>();
		for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
			node.getBean(ProxiedNode.Addresses.class).seen.clear();
		}
		for (int i = 0; i < 2; i++) {
			try (Socket client = new Socket()) {
				client.bind(new InetSocketAddress("127.0.0.2", 0));
				client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.proxy.port()), 5_000);
				client.setSoTimeout(10_000);
				client.getOutputStream().write(handshake().getBytes(StandardCharsets.US_ASCII));
				byte[] answer = client.getInputStream().readNBytes(12);
				assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
			}
		}
		await().until(() -> {
			seen.clear();
			for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
				seen.addAll(node.getBean(ProxiedNode.Addresses.class).seen);
			}
			return seen.size() == 2;
		});
		assertThat(seen).containsOnly("127.0.0.2");
	}

	private static String handshake() {
		String lines = """
				GET /realtime HTTP/1.1
				Host: localhost
				Upgrade: websocket
				Connection: Upgrade
				X-Forwarded-For: 203.0.113.9
				Forwarded: for=203.0.113.9
				Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
				Sec-WebSocket-Version: 13
				Sec-WebSocket-Protocol: v12.stomp

				""";
		return lines.replace("\n", "\r\n");
	}

	/** Last, since one node is gone afterwards. */
	@Test
	@Order(5)
	void clientsOfANodeThatStopsMoveToTheOtherAndLoseNothing() {
		List<Returning> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 6; i++) {
				clients.add((i < 4) ? new Returning.OverWebSocket(this.proxy.port(), "room.drain")
						: new Returning.OverEvents(this.proxy.port(), "room.drain"));
			}
			clients.add(new Returning.OverPolls(this.proxy.port(), "room.drain"));
			assertThat(connections(this.one)).isPositive();
			CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.one::close);
			long count = 0;
			while (!stopping.isDone() || count < 200) {
				StreamNode.publish(this.two, "room.drain", Content.text("m" + ++count));
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
				assertThat(count).isLessThan(20_000);
			}
			stopping.join();
			List<Long> all = LongStream.rangeClosed(1, count).boxed().toList();
			for (Returning client : clients) {
				await().atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(client.seqs()).hasSize(all.size()));
				assertThat(client.seqs()).as(client.toString()).isEqualTo(all);
			}
			assertThat(clients).filteredOn((client) -> client.returns() > 0).isNotEmpty();
		}
		finally {
			clients.forEach(Returning::close);
		}
	}

	private static int connections(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().connections().size();
	}

}
