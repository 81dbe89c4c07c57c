package dev.realtime.spring.compat;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.TopicPattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.socket.messaging.WebSocketStompClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

/** Clients that speak STOMP 1.2 and know nothing of us. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlainClientsContract {

	private static final Path SCRIPTS = Path.of("src", "test", "js");

	private final ConfigurableApplicationContext node;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	PlainClientsContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.limits.topics-per-pattern=4",
				"realtime.topics.prices.pattern=price.*", "realtime.topics.prices.client-publish=true",
				"realtime.topics.bids.pattern=price.*.bid", "realtime.topics.bids.client-publish=true",
				"realtime.topics.orders.pattern=_queue.orders.*", "realtime.topics.orders.client-publish=true"));
		all.addAll(List.of(properties));
		this.node = PlainNode.start(all);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void springsOwnClientWorksUnchanged() throws Exception {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.initialize();
		WebSocketStompClient client = new WebSocketStompClient(PlainNode.SOCKETS);
		client.setMessageConverter(new StringMessageConverter());
		client.setTaskScheduler(scheduler);
		List<String> problems = new CopyOnWriteArrayList<>();
		StompSession session = client.connectAsync(PlainNode.url(this.node), new Problems(problems))
			.get(20, TimeUnit.SECONDS);
		session.setAutoReceipt(true);

		List<String> received = new CopyOnWriteArrayList<>();
		StompSession.Subscription subscription = session.subscribe("/topic/echo", new Texts(received));
		awaitReceipt(subscription);
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/echo", "from the server");
		await().until(() -> received.contains("from the server"));
		awaitReceipt(session.send("/app/echo", "from the client"));
		await().until(() -> received.contains("from the client"));

		subscription.unsubscribe();
		this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/echo", "too late");
		List<String> again = new CopyOnWriteArrayList<>();
		awaitReceipt(session.subscribe("/topic/echo", new Texts(again)));
		awaitReceipt(session.send("/app/echo", "in time"));
		await().until(() -> again.contains("in time"));
		assertThat(again).containsExactly("in time");
		assertThat(received).containsExactly("from the server", "from the client");

		StompHeaders disconnect = new StompHeaders();
		disconnect.setReceipt("bye");
		session.disconnect(disconnect);
		await().until(() -> !session.isConnected());
		assertThat(problems).isEmpty();
		client.stop();
		scheduler.shutdown();
	}

	@Test
	void stompJsWorksUnchanged() throws Exception {
		Map<String, Object> seen = JsonParserFactory.getJsonParser()
			.parseMap(runScript("plain-client.mjs", PlainNode.url(this.node)));
		assertThat(seen).containsEntry("heartbeat", "1000,1000")
			.containsEntry("version", "1.2")
			.containsEntry("echo", List.of("grüß dich ✓", "{\"json\":true}"))
			.containsEntry("problems", List.of())
			.containsEntry("closeCode", 1000)
			.containsEntry("burst", IntStream.rangeClosed(1, 100).mapToObj((i) -> "message " + i).toList());
		assertThat(seen.get("serverHeartbeats")).asInstanceOf(InstanceOfAssertFactories.INTEGER).isPositive();
		assertThat(seen.get("disconnectReceipt")).asString().isNotEmpty();
	}

	@Test
	void theJavaScriptClientWorksOnAWebSocketThatCutsTextsAtNul() throws Exception {
		String httpBase = "http://localhost:" + ExistingApplication.webPort(this.node) + "/realtime";
		Map<String, Object> seen = JsonParserFactory.getJsonParser()
			.parseMap(runScript("react-native-client.mjs", PlainNode.url(this.node), httpBase));
		assertThat(seen).containsEntry("problems", List.of())
			.containsEntry("binary", true)
			.containsEntry("echo", List.of("grüß dich ✓", "before\0after", "last\0"))
			.containsEntry("burst", IntStream.rangeClosed(1, 100).mapToObj((i) -> "message " + i).toList());
	}

	@Test
	void theJavaScriptClientSubscribesToPatterns() throws Exception {
		String httpBase = "http://localhost:" + ExistingApplication.webPort(this.node) + "/realtime";
		Map<String, Object> seen = JsonParserFactory.getJsonParser()
			.parseMap(runScript("patterns-client.mjs", PlainNode.url(this.node), httpBase));
		assertThat(seen).containsEntry("problems", List.of())
			.containsEntry("messages",
					Map.of("price.A", List.of("A1", "A2", "A3", "A4", "A5", "A6"), "price.B", List.of("B1", "B2"),
							"price.C", List.of("C2"), "price.D", List.of("D1"), "_queue.orders.7", List.of("order")));
		assertThat(seen.get("recoveries")).asInstanceOf(InstanceOfAssertFactories.LIST)
			.containsExactlyInAnyOrder(
					Map.of("recovered", false, "resumed", List.of("price.A", "price.B"), "reason", "pattern"),
					Map.of("recovered", false, "resumed", List.of("_queue.orders.7"), "reason", "pattern"));
		assertThat(seen.get("gaps")).asInstanceOf(InstanceOfAssertFactories.list(Map.class))
			.singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
			.containsEntry("topic", "price.E")
			.containsEntry("from", 1)
			.containsEntry("to", 1)
			.containsEntry("reason", "too-many-topics");
		assertThat(seen.get("overHttp")).isEqualTo(List.of(Map.of("kind", "denied", "reason", "bad-subscribe",
				"message", "The destination has a wildcard, which needs a WebSocket: over HTTP name each topic")));
		assertThatThrownBy(() -> new TopicPattern("price.A*")).hasMessage((String) seen.get("refusal"));
	}

	private String runScript(String name, String... arguments) throws Exception {
		Path output = this.directory.resolve("output.json");
		Path errors = this.directory.resolve("errors.txt");
		List<String> command = new ArrayList<>(List.of("node", SCRIPTS.resolve(name).toString()));
		command.addAll(List.of(arguments));
		Process process = start(
				new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()));
		if (!process.waitFor(60, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			fail("%s did not end within 60 s; it wrote: %s%s", name, read(output), read(errors));
		}
		assertThat(process.exitValue()).as("exit of %s: %s", name, read(errors)).isZero();
		return read(output);
	}

	private static Process start(ProcessBuilder script) {
		try {
			return script.start();
		}
		catch (IOException ex) {
			throw new AssertionError("This test runs JavaScript in Node: install Node 20 or later, so that "
					+ "\"node\" is on the PATH (" + ex.getMessage() + ")", ex);
		}
	}

	private static String read(Path file) throws IOException {
		return Files.readString(file, StandardCharsets.UTF_8);
	}

	private static void awaitReceipt(StompSession.Receiptable receiptable) {
		List<String> outcome = new CopyOnWriteArrayList<>();
		receiptable.addReceiptTask(() -> outcome.add("received"));
		receiptable.addReceiptLostTask(() -> outcome.add("lost"));
		await("the receipt " + receiptable.getReceiptId()).until(() -> !outcome.isEmpty());
		assertThat(outcome).containsExactly("received");
	}

	/** Remembers the texts of one subscription. */
	private record Texts(List<String> received) implements StompFrameHandler {

		@Override
		public Type getPayloadType(StompHeaders headers) {
			return String.class;
		}

		@Override
		public void handleFrame(StompHeaders headers, @Nullable Object payload) {
			this.received.add(String.valueOf(payload));
		}

	}

	/** Remembers whatever a client that is content never hears of. */
	private static final class Problems extends StompSessionHandlerAdapter {

		private final List<String> problems;

		Problems(List<String> problems) {
			this.problems = problems;
		}

		@Override
		public void handleFrame(StompHeaders headers, @Nullable Object payload) {
			this.problems.add("ERROR " + headers);
		}

		@Override
		public void handleException(StompSession session, StompCommand command, StompHeaders headers, byte[] payload,
				Throwable exception) {
			this.problems.add("exception " + exception);
		}

		@Override
		public void handleTransportError(StompSession session, Throwable exception) {
			this.problems.add("transport " + exception);
		}

	}

}
