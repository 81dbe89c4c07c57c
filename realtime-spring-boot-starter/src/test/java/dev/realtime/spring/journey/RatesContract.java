package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients do too often is refused at every entry point, and a normal client beside
 * them notices nothing. Each test has users and an address of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RatesContract {

	/** What may come at once on one connection, of what may come once a second. */
	private static final int BURST = 10;

	private final ConfigurableApplicationContext node;

	private final int port;

	private final StompTestClient bystander;

	private int published;

	private int denied;

	RatesContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.rates.burst=10s", "realtime.rates.frames=20",
				"realtime.rates.publishes=2", "realtime.rates.subscribes=4", "realtime.rates.new-topics=2",
				"realtime.rates.replays=100", "realtime.rates.reads=2", "realtime.rates.connects=1",
				"realtime.rates.refusals=4", "realtime.rates.user-factor=2", "realtime.rates.address-factor=3",
				"server.forward-headers-strategy=native", "realtime.netty.trusted-proxies=127.0.0.0/8,::1"));
		all.addAll(List.of(properties));
		this.node = StreamNode.startAlone(all.toArray(String[]::new));
		this.port = ChatNode.port(this.node);
		this.bystander = StompTestClient.connect(this.port, "bystander");
	}

	@BeforeEach
	void aNormalClientListens() {
		if (this.published == 0) {
			this.bystander.subscribe("quiet", "/topic/room.quiet");
		}
		publish("room.quiet", 1);
		this.published++;
	}

	@AfterEach
	void itHasEverythingOnceAndInOrder() {
		publish("room.quiet", 1);
		this.published++;
		await().untilAsserted(() -> assertThat(this.bystander.seqs())
			.isEqualTo(LongStream.rangeClosed(1, this.published).boxed().toList()));
		assertThat(this.bystander.closeCode).isNull();
		assertThat(this.bystander.frames())
			.noneMatch((frame) -> frame.command().equals("ERROR") || frame.isEvent("denied"));
	}

	@AfterAll
	void stop() {
		this.bystander.close();
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/topic/room.flood", "/app/say" })
	void rule8_moreSendsThanAllowedAreDeniedUntilTheirTime(String destination) {
		try (StompTestClient client = StompTestClient.connect(this.port, "sender" + destination)) {
			long began = System.nanoTime();
			flood(client, 45, (i) -> frame("SEND", "destination", destination, "receipt", "r" + i));
			List<StompFrame> refused = denied(client);
			assertThat(45 - refused.size()).isBetween(20, 20 + atMost(2, began));
			assertThat(refused).allSatisfy((frame) -> {
				assertThat(frame.header("reason")).isEqualTo("rate-limited");
				assertThat(frame.header("refused-destination")).isEqualTo(destination);
				assertThat(Long.parseLong(frame.header("retry-after-ms"))).isBetween(1L, 500L);
			});
			assertThat(client.closeCode).isNull();
			this.denied = 0;
			await().until(() -> isTaken(client, destination));
		}
	}

	@Test
	void aTransactionOfWhichOneSendIsRefusedIsAborted() {
		try (StompTestClient client = StompTestClient.connect(this.port, "transactor")) {
			client.send("BEGIN", Map.of("transaction", "t"), "");
			for (int i = 0; i < 25; i++) {
				client.send("SEND", Map.of("transaction", "t", "destination", "/topic/room.whole"), "x");
			}
			client.send("COMMIT", Map.of("transaction", "t", "receipt", "commit"), "");
			client.await("the COMMIT is refused", (frame) -> "commit".equals(frame.get("receipt-id"))
					&& frame.isEvent("denied") && frame.header("reason").equals("no-transaction"));
		}
		assertThat(StreamNode.publish(this.node, "room.whole", Content.text("first")).position().seq()).isEqualTo(1);
	}

	@Test
	void aPlainClientGetsAnErrorWithTheTimeAndMayComeBack() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "plain")) {
			for (int i = 0; i < 40 && client.closeCode == null; i++) {
				client.rawIfOpen("SEND\ndestination:/app/say\n\nx\0");
			}
			StompFrame error = client.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(error.header("message")).contains("Too many messages from this connection");
			assertThat(Long.parseLong(error.header("retry-after-ms"))).isPositive();
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1013));
			assertThat(client.closeReason).isEqualTo("rate-limited");
		}
		StompTestClient.connectPlain(this.port, "plain").close();
	}

	@Test
	void aUserHasOneRateForAllConnections() {
		long began = System.nanoTime();
		int taken = 0;
		for (int connection = 0; connection < 4; connection++) {
			try (StompTestClient client = StompTestClient.connect(this.port, "many")) {
				flood(client, 15, (i) -> frame("SEND", "destination", "/app/say", "receipt", "r" + i));
				taken += 15 - denied(client).size();
			}
		}
		assertThat(taken).isBetween(40, 40 + atMost(4, began));
	}

	@Test
	void rule8_aLoopOfSubscribeAndUnsubscribeEndsAndItsUserIsNotLetInForAWhile() {
		try (StompTestClient client = StompTestClient.connect(this.port, "looper")) {
			for (int i = 0; i < 500 && client.closeCode == null; i++) {
				client.rawIfOpen("SUBSCRIBE\nid:s\ndestination:/topic/room.loop\n\n\0UNSUBSCRIBE\nid:s\n\n\0");
			}
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.closeReason).isEqualTo("rate-limited");
			assertThat(client.frames()).filteredOn((frame) -> frame.isEvent("denied")).hasSizeBetween(40, 60);
		}
		try (StompTestClient again = StompTestClient.open(this.port)) {
			again.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", "looper"), "");
			StompFrame error = again.await("ERROR", (frame) -> frame.command().equals("ERROR"));
			assertThat(Long.parseLong(error.header("retry-after-ms"))).isBetween(30_000L, 60_000L);
			await().untilAsserted(() -> assertThat(again.closeCode).isEqualTo(1008));
		}
		HttpResponse<String> poll = Polls.poll(this.port, "topic=room.loop&login=looper");
		assertTooOften(poll);
		assertThat(Long.parseLong(poll.headers().firstValue("Retry-After").orElseThrow())).isBetween(30L, 60L);
	}

	@Test
	void rule8_aFloodOfFramesThatAreNeverRefusedEndsToo() {
		try (StompTestClient client = StompTestClient.connect(this.port, "framer")) {
			for (int i = 0; i < 5_000 && client.closeCode == null; i++) {
				client.rawIfOpen("UNSUBSCRIBE\nid:none\n\n\0".repeat(10));
			}
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
		}
	}

	@Test
	void rule8_rewindInALoopIsLimited() {
		publish("room.rewound", 5);
		try (StompTestClient client = StompTestClient.connect(this.port, "rewinder")) {
			flood(client, 15, (i) -> frame("SUBSCRIBE", "id", "s" + i, "destination", "/topic/room.rewound", "rewind",
					"1000", "receipt", "r" + i));
			assertThat(denied(client)).hasSize(14)
				.allSatisfy((frame) -> assertThat(frame.header("message")).contains("replayed messages"));
		}
	}

	@Test
	void rule8_recoveryInALoopIsLimitedByWhatItReplays() {
		publish("room.recovered", 400);
		try (StompTestClient client = StompTestClient.connect(this.port, "recoverer")) {
			String epoch = client.subscribe("first", "/topic/room.recovered").header("epoch");
			int recovered = 0;
			while (recovered < 20 && recover(client, "s" + recovered, epoch)) {
				recovered++;
			}
			// The third one leaves a debt.
			assertThat(recovered).isBetween(3, 5);
		}
	}

	@Test
	void rule8_topicsThatNobodyFollowsAreLimited() {
		try (StompTestClient client = StompTestClient.connect(this.port, "explorer")) {
			int before = this.node.getBean(RealtimeNode.class).hub().topics();
			long began = System.nanoTime();
			flood(client, 35, (i) -> frame("SUBSCRIBE", "id", "s" + i, "destination", "/topic/explored." + i, "receipt",
					"r" + i));
			assertThat(35 - denied(client).size()).isBetween(20, 20 + atMost(2, began));
			assertThat(this.node.getBean(RealtimeNode.class).hub().topics() - before).isLessThan(35);
			// A topic that is followed here is not new.
			client.subscribe("known", "/topic/room.quiet");
		}
	}

	@Test
	void rule8_connectsFromOneAddressAreLimitedAndOthersAreLetIn() {
		List<StompTestClient> clients = new ArrayList<>();
		long began = System.nanoTime();
		for (int i = 0; i < 45; i++) {
			clients.add(connectFrom("192.0.2.1"));
		}
		await().until(() -> clients.stream().noneMatch((client) -> client.frames().isEmpty()));
		List<StompTestClient> refused = clients.stream()
			.filter((client) -> client.frames().get(0).command().equals("ERROR"))
			.toList();
		assertThat(45 - refused.size()).isBetween(3 * BURST, 3 * BURST + atMost(3, began));
		StompTestClient one = refused.get(0);
		assertThat(Long.parseLong(one.frames().get(0).header("retry-after-ms"))).isPositive();
		await().untilAsserted(() -> assertThat(one.closeCode).isEqualTo(1013));
		assertThat(one.closeReason).isEqualTo("rate-limited");
		StompTestClient other = connectFrom("192.0.2.2");
		other.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		other.close();
		clients.forEach(StompTestClient::close);
	}

	@Test
	void rule8_anAddressWhoseClientsWereRefusedTooOftenGetsNoHandshake() {
		int closed = 0;
		while (closed < 10 && floodFrom("192.0.2.66") == 101) {
			closed++;
		}
		// Each is closed after 40 refusals, and the address may cause 120.
		assertThat(closed).isBetween(2, 4);
		assertThat(floodFrom("192.0.2.66")).isEqualTo(429);
		connectFrom("192.0.2.67").close();
	}

	@Test
	void rule8_pollsStreamsAndPostsAreAnsweredWith429() {
		assertLimited(4 * BURST, () -> Polls.poll(this.port, "topic=room.quiet&login=poller"));
		assertLimited(4 * BURST,
				() -> Polls.send(this.port, "destination=/app/say&login=poster", "x", "Content-Type", "text/plain"));
		assertLimited(6 * BURST, () -> Polls.poll(this.port, "topic=room.quiet", "X-Forwarded-For", "203.0.113.5"));
		int opened = 0;
		int status = 200;
		while (status == 200 && opened < 20 * BURST) {
			try (EventStream stream = EventStream.ask(this.port, "topic=room.quiet&login=streamer")) {
				status = stream.answer().statusCode();
				assertThat(stream.answer().headers().firstValue("Retry-After").isPresent()).isEqualTo(status != 200);
			}
			opened++;
		}
		assertThat(status).isEqualTo(429);
		assertThat(opened).isGreaterThan(4 * BURST);
	}

	@Test
	void rule8_aPollPaysForItsTopicsAndForWhatItRewinds() {
		assertLimited(2, () -> Polls.poll(this.port, "topic=room.quiet&rewind=1000&login=pollrewinder"));
	}

	@Test
	void rule8_readsOverHttpAreAnsweredWith429() {
		int http = Integer.parseInt(this.node.getEnvironment().getProperty("local.server.port", "0"));
		for (String path : List.of("messages", "presence", "snapshot")) {
			String address = "198.51.100." + path.charAt(0) % 100;
			assertLimited(6 * BURST, () -> Polls.ask(http, "GET",
					"/realtime/topics/" + path + "?topic=room.quiet&limit=1", "", "X-Forwarded-For", address));
		}
		assertLimited(3, () -> Polls.ask(http, "GET", "/realtime/topics/messages?topic=room.quiet&limit=1000", "",
				"X-Forwarded-For", "198.51.100.99"));
		assertThat(Polls.ask(http, "GET", "/realtime/topics/messages?topic=room.quiet", "").statusCode())
			.isEqualTo(200);
	}

	private StompTestClient connectFrom(String address) {
		StompTestClient client = StompTestClient.open(this.port, Map.of("X-Forwarded-For", address));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost"), "");
		return client;
	}

	/**
	 * Returns the status of the handshake, after the server has closed the connection.
	 */
	private int floodFrom(String address) {
		try (StompTestClient client = StompTestClient.open(this.port, Map.of("X-Forwarded-For", address))) {
			client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), "");
			for (int i = 0; i < 200 && client.closeCode == null; i++) {
				client.rawIfOpen("SEND\ndestination:/app/say\n\nx\0");
			}
			await().until(() -> client.closeCode != null);
			return 101;
		}
		catch (CompletionException ex) {
			if (!(ex.getCause() instanceof WebSocketHandshakeException refused)) {
				throw ex;
			}
			assertThat(refused.getResponse().headers().firstValue("connection")).as("what follows is no request")
				.hasValue("close");
			return refused.getResponse().statusCode();
		}
	}

	private void publish(String topic, int count) {
		for (int i = 0; i < count; i++) {
			StreamNode.publish(this.node, topic, Content.text("m" + i));
		}
	}

	/** Sends all of them and waits for all answers. */
	private static void flood(StompTestClient client, int count, IntFunction<String> frame) {
		IntStream.range(0, count).mapToObj(frame).forEach(client::raw);
		await().until(() -> client.frames().stream().filter((each) -> each.get("receipt-id") != null).count() == count);
	}

	private static List<StompFrame> denied(StompTestClient client) {
		return client.frames().stream().filter((frame) -> frame.isEvent("denied")).toList();
	}

	private boolean isTaken(StompTestClient client, String destination) {
		String receipt = "again" + this.denied++;
		client.send("SEND", Map.of("destination", destination, "receipt", receipt), "x");
		return client.await("an answer", (frame) -> receipt.equals(frame.get("receipt-id")))
			.command()
			.equals("RECEIPT");
	}

	private static boolean recover(StompTestClient client, String id, String epoch) {
		Map<String, String> headers = new HashMap<>(Map.of("epoch", epoch, "last-seq", "0"));
		return client.subscribe(id, "/topic/room.recovered", headers).command().equals("RECEIPT");
	}

	private static String frame(String command, String... headers) {
		StringBuilder frame = new StringBuilder(command).append('\n');
		for (int i = 0; i < headers.length; i += 2) {
			frame.append(headers[i]).append(':').append(headers[i + 1]).append('\n');
		}
		return frame.append(command.equals("SEND") ? "\nx\0" : "\n\0").toString();
	}

	/** How many more than the burst may have come since then. */
	private static int atMost(int perSecond, long beganNanos) {
		return (int) ((System.nanoTime() - beganNanos) / 1_000_000_000.0 * perSecond) + 1;
	}

	/** So many requests, and perhaps some more, are answered before one is refused. */
	private static void assertLimited(int least, Supplier<HttpResponse<String>> request) {
		int answered = 0;
		HttpResponse<String> answer = request.get();
		while (answer.statusCode() != 429 && answered < 20 * BURST) {
			answered++;
			answer = request.get();
		}
		assertThat(answered).isGreaterThanOrEqualTo(least);
		assertTooOften(answer);
	}

	private static void assertTooOften(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(429);
		assertThat(Polls.json(answer)).containsEntry("reason", "rate-limited").containsEntry("status", 429);
		assertThat(Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow())).isPositive();
	}

}
