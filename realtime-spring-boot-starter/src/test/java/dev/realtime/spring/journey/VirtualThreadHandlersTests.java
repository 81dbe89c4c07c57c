package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with its own {@code @EnableWebSocketMessageBroker} and
 * {@code spring.threads.virtual.enabled}: its handlers run on virtual threads, however
 * its clients come.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadHandlersTests {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Application.class)
		.bannerMode(Banner.Mode.OFF)
		.run("--server.port=0", "--realtime.netty.port=0", "--realtime.security.anonymous=true",
				"--realtime.broker=memory", "--realtime.drain.spread=0s", "--spring.threads.virtual.enabled=true",
				"--spring.main.register-shutdown-hook=false");

	@AfterEach
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "local.server.port", "local.realtime.netty.port" })
	void handlersOfAConnectionRunOnVirtualThreadsOneAfterTheOther(String port) {
		try (StompTestClient client = StompTestClient.connect(port(port), "ann")) {
			client.subscribe("sub-0", "/topic/threads");
			for (int i = 0; i < 50; i++) {
				client.send("SEND", Map.of("destination", "/app/thread"), String.valueOf(i));
			}
			await().until(() -> client.messages().size() == 50);
			assertThat(client.messages()).allMatch((message) -> message.body().contains("VirtualThread"));
			assertThat(client.messages()).extracting((message) -> message.body().replaceAll(" .*", ""))
				.isEqualTo(IntStream.range(0, 50).mapToObj(String::valueOf).toList());
		}
	}

	@Test
	void handlersOfAPostRunOnVirtualThreads() throws Exception {
		try (StompTestClient client = StompTestClient.connect(port("local.server.port"), "ann")) {
			client.subscribe("sub-0", "/topic/threads");
			HttpRequest request = HttpRequest
				.newBuilder(URI
					.create("http://localhost:" + port("local.server.port") + "/realtime/send?destination=/app/thread"))
				.header("Content-Type", "text/plain")
				.POST(HttpRequest.BodyPublishers.ofString("posted"))
				.build();
			assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
				.isEqualTo(204);
			await().until(() -> client.messages().size() == 1);
			assertThat(client.messages().get(0).body()).startsWith("posted ").contains("VirtualThread");
		}
	}

	/** The recorder's own threshold of 20 ms is "long". */
	@Test
	void noCarrierThreadIsPinnedByOursForLong(@TempDir Path folder) throws Exception {
		List<RecordedEvent> pinned;
		try (Recording recording = new Recording()) {
			recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20)).withStackTrace();
			recording.start();
			useEachDoor("local.server.port");
			useEachDoor("local.realtime.netty.port");
			CompletableFuture.runAsync(Pinning::longer, new VirtualThreadTaskExecutor("pinned-on-purpose-"))
				.get(20, TimeUnit.SECONDS);
			recording.stop();
			Path file = folder.resolve("pinned.jfr");
			recording.dump(file);
			pinned = RecordingFile.readAllEvents(file);
		}
		assertThat(pinned).anyMatch((event) -> has(event, Pinning.class.getName()));
		assertThat(pinned).filteredOn((event) -> !has(event, Pinning.class.getName()))
			.noneMatch((event) -> has(event, "dev.realtime."));
	}

	private static boolean has(RecordedEvent event, String name) {
		return event.getStackTrace() != null && event.getStackTrace()
			.getFrames()
			.stream()
			.anyMatch((frame) -> frame.getMethod().getType().getName().startsWith(name));
	}

	private void useEachDoor(String property) {
		int port = port(property);
		try (StompTestClient client = StompTestClient.connect(port, "ann");
				EventStream stream = EventStream.open(port, "topic=threads&login=bob")) {
			client.subscribe("sub-0", "/topic/threads");
			for (int i = 0; i < 50; i++) {
				client.send("SEND", Map.of("destination", "/app/thread"), String.valueOf(i));
			}
			// The handler does not stand two at once.
			await().until(() -> client.messages().size() == 50);
			Polls.send(port, "destination=/app/thread", "posted");
			this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/threads", "from the service");
			await().until(() -> client.messages().size() == 52);
			await().until(() -> stream.messages().size() == 52);
			assertThat(Polls.poll(port, "topic=threads").statusCode()).isEqualTo(200);
		}
	}

	private int port(String property) {
		return this.node.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@EnableWebSocketMessageBroker
	@Import(Threads.class)
	static class Application implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/realtime");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	/** The initializer of a class pins the thread that runs it. */
	private static final class Pinning {

		static {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
		}

		static void longer() {
		}

	}

	/** Says which thread handles a message. */
	@Controller
	static class Threads {

		private final AtomicInteger handling = new AtomicInteger();

		@MessageMapping("/thread")
		@SendTo("/topic/threads")
		String thread(String text) {
			assertThat(this.handling.incrementAndGet()).isEqualTo(1);
			// Long enough for a handler on another core to begin, if one could.
			for (int i = 0; i < 100_000; i++) {
				Thread.onSpinWait();
			}
			this.handling.decrementAndGet();
			return text + ' ' + Thread.currentThread();
		}

	}

}
