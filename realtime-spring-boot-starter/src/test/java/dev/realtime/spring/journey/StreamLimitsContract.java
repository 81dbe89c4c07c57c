package dev.realtime.spring.journey;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Streams under load, and when a node or a client behaves badly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamLimitsContract {

	private final String[] properties;

	private final ConfigurableApplicationContext node;

	private final int port;

	StreamLimitsContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.http.sse-heartbeat=1s", "realtime.queue.max-messages=200",
				"realtime.allowed-origins=https://app.example.com", "realtime.drain.spread=1s",
				"server.shutdown=graceful", "server.tomcat.threads.max=20"));
		all.addAll(List.of(properties));
		this.properties = all.toArray(String[]::new);
		this.node = StreamNode.startAlone(this.properties);
		this.port = ChatNode.port(this.node);
	}

	@AfterEach
	void awaitTheirEnd() {
		await().until(() -> stats().subscriptions() == 0);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aSilentStreamGetsComments() {
		try (EventStream stream = EventStream.open(this.port, "topic=room.silent")) {
			await().until(() -> stream.lines.stream().filter((line) -> line.equals(":")).count() >= 3);
			assertThat(stream.events()).hasSize(1);
		}
	}

	@Test
	void aNodeThatLeavesSaysSoAndEndsStreamsAndPollsBeforeItStops() {
		ConfigurableApplicationContext leaving = StreamNode.startAlone(this.properties);
		int at = ChatNode.port(leaving);
		EventStream stream = EventStream.open(at, "topic=room.drain");
		String position = Polls.position(Polls.poll(at, "topic=room.drain"));
		CompletableFuture<HttpResponse<String>> parked = CompletableFuture
			.supplyAsync(() -> Polls.poll(at, "topic=room.drain&position=" + position));
		await().until(() -> stats(leaving).subscriptions() == 2);
		for (int i = 0; i < 100; i++) {
			StreamNode.publish(leaving, "room.drained", Content.text("m" + i));
		}
		CompletableFuture<Void> stopping = CompletableFuture.runAsync(leaving::close);
		EventStream.Event reconnect = stream.await("reconnect");
		await().until(() -> stream.ended);
		assertThat((Integer) reconnect.get("afterMs")).isBetween(0, 1_000);
		assertThat(stream.lines).contains("retry: 1000");
		assertThat(stream.events("closed")).singleElement()
			.satisfies((closed) -> assertThat(closed.json()).containsEntry("code", 1012)
				.containsEntry("reason", "restart"));
		HttpResponse<String> answer = parked.orTimeout(20, TimeUnit.SECONDS).join();
		assertThat(Polls.events(answer)).anyMatch((event) -> "reconnect".equals(event.get("event")));
		stopping.orTimeout(20, TimeUnit.SECONDS).join();
	}

	@Test
	void aSlowReaderIsCutOffAndRecoversAndNobodyWaitsForIt() throws Exception {
		String topic = "room.slow";
		try (EventStream quick = EventStream.open(this.port, "topic=" + topic);
				Socket slow = slow("/realtime/sse?topic=" + topic)) {
			String large = "x".repeat(10_000);
			int count = 1_200;
			for (int i = 0; i < count; i++) {
				StreamNode.publish(this.node, topic, Content.text(large));
				if (i % 20 == 19) {
					int published = i + 1;
					await().untilAsserted(() -> assertThat(quick.messages()).hasSize(published));
				}
			}
			await().until(() -> stats().overflows() == 1);
			assertThat(quick.seqs(topic)).isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
			// Longer than it may take to say the last words, and to be cut off.
			await().during(4, TimeUnit.SECONDS).atMost(30, TimeUnit.SECONDS).until(() -> nobodyIsStuck());
			String read = readToTheEnd(slow);
			String position = read.substring(read.lastIndexOf("\nid: ") + 5).lines().findFirst().orElseThrow();
			long has = Long.parseLong(position.substring(position.indexOf('-') + 1));
			assertThat(has).isBetween(1L, count - 100L);
			try (EventStream back = EventStream.open(this.port, "topic=" + topic, "Last-Event-ID", position)) {
				await().until(() -> back.seqs(topic).contains((long) count));
				List<Long> seqs = back.seqs(topic);
				assertThat(seqs).isEqualTo(LongStream.rangeClosed(seqs.get(0), count).boxed().toList());
				assertThat(seqs.get(0)).isBetween(has, has + 1);
			}
		}
	}

	@Test
	void fiveHundredStreamsAndTenPollsNeedNoThreadsOfTheirOwn() {
		try (EventStream first = EventStream.open(this.port, "topic=room.threads")) {
			String position = first.lastEventId;
			List<String> before = serverThreads();
			List<EventStream> streams = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				streams.add(EventStream.ask(this.port, "topic=room.threads"));
			}
			List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
			ExecutorService pollers = Executors.newFixedThreadPool(10, (task) -> new Thread(task, "poller"));
			for (int i = 0; i < 10; i++) {
				polls.add(CompletableFuture
					.supplyAsync(() -> Polls.poll(this.port, "topic=room.threads&position=" + position), pollers));
			}
			await().atMost(30, TimeUnit.SECONDS).until(() -> stats().subscriptions() == 511);
			List<String> more = new ArrayList<>(serverThreads());
			before.forEach(more::remove);
			assertThat(more).hasSizeLessThan(50);
			StreamNode.publish(this.node, "room.threads", Content.text("for all"));
			await().untilAsserted(() -> assertThat(streams).allMatch((stream) -> stream.messages().size() == 1));
			polls.forEach((poll) -> assertThat(poll.join().statusCode()).isEqualTo(200));
			streams.forEach(EventStream::close);
			pollers.shutdown();
		}
	}

	/** Such a request has the visitor's cookies and no Origin. */
	@ParameterizedTest
	@CsvSource({ "cross-site, 403", "same-site, 403", "same-origin, 200", "none, 200" })
	void rule10_anImageOfAnotherPageJoinsNoRoom(String site, int status) {
		String query = "topic=room.image&login=visitor";
		assertThat(Polls.poll(this.port, query, "Sec-Fetch-Site", site).statusCode()).isEqualTo(status);
		try (EventStream stream = EventStream.ask(this.port, query, "Sec-Fetch-Site", site)) {
			assertThat(stream.answer().statusCode()).isEqualTo(status);
		}
		String origin = "https://app.example.com";
		assertThat(Polls.poll(this.port, query, "Sec-Fetch-Site", site, "Origin", origin).statusCode()).isEqualTo(200);
	}

	@Test
	void pagesOfAllowedOriginsMayConnectAndNoOthers() {
		String origin = "https://app.example.com";
		HttpResponse<String> answer = Polls.poll(this.port, "topic=room.cors", "Origin", origin);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
		assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).hasValue("true");
		assertThat(answer.headers().firstValue("Access-Control-Expose-Headers"))
			.hasValueSatisfying((headers) -> assertThat(headers).contains("Realtime-Position"));
		for (String path : List.of("/realtime/sse?topic=a", "/realtime/poll?topic=a")) {
			assertThat(Polls.ask(this.port, "GET", path, "", "Origin", "https://evil.example").statusCode())
				.isEqualTo(403);
		}
		HttpResponse<String> foreign = Polls.send(this.port, "destination=/app/say", "evil", "Origin",
				"https://evil.example");
		assertThat(foreign.statusCode()).isEqualTo(403);
		assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
		assertThat(this.node.getBean(StreamNode.Talk.class).said).doesNotContain("evil");
		HttpResponse<String> preflight = Polls.ask(this.port, "OPTIONS", "/realtime/send?destination=/app/say", "",
				"Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers",
				"content-type, authorization");
		assertThat(preflight.statusCode()).isEqualTo(200);
		assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods")).hasValue("POST");
		assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
			.hasValueSatisfying((headers) -> assertThat(headers).contains("content-type", "authorization"));
	}

	private HubStats stats() {
		return stats(this.node);
	}

	private static HubStats stats(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().stats();
	}

	/** Threads of the container that write to a socket now. */
	private static boolean nobodyIsStuck() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.noneMatch((stack) -> stack.length > 0 && Arrays.stream(stack)
				.anyMatch((frame) -> frame.getMethodName().equals("doWrite")
						&& frame.getClassName().contains("NioEndpoint")));
	}

	private static List<String> serverThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> !name.matches("(HttpClient|ForkJoin|poller).*"))
			.toList();
	}

	private Socket slow(String path) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4_096);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		StringBuilder read = new StringBuilder();
		while (read.indexOf("event: subscribed") < 0) {
			read.append((char) socket.getInputStream().read());
		}
		return socket;
	}

	private static String readToTheEnd(Socket socket) {
		StringBuilder read = new StringBuilder();
		try {
			socket.setSoTimeout(10_000);
			InputStream in = socket.getInputStream();
			byte[] bytes = new byte[8_192];
			for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
				read.append(new String(bytes, 0, n, StandardCharsets.US_ASCII));
			}
		}
		catch (IOException ex) {
			// Reset: it was cut off.
		}
		return read.toString();
	}

}
