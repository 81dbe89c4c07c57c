package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.PublishException;
import dev.realtime.RealtimePublisher;
import dev.realtime.spring.guide.Answers;
import dev.realtime.spring.guide.LanguageModel;
import dev.realtime.spring.pipe.PipedStream;
import dev.realtime.spring.pipe.RealtimeStreams;
import dev.realtime.spring.pipe.StreamEnd;
import dev.realtime.spring.pipe.StreamOutcome;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Texts that grow on a topic: two nodes over Redis, clients over STOMP. */
class GrowingTextsIT {

	private static final Duration DELAY = Duration.ofSeconds(20);

	private static final String POEM = "Jede Stimme z\u00e4hlt \uD83D\uDE00, ".repeat(400);

	private static RedisServer redis;

	private static ConfigurableApplicationContext one;

	private static ConfigurableApplicationContext two;

	@BeforeAll
	static void start() {
		redis = RedisServer.startProcess();
		one = node();
		two = node();
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@Test
	void theTextIsTheSameInTwoWindowsOnTwoNodesAndAfterAReload() {
		Sinks.Many<String> words = model(one, "poem");
		try (StompTestClient near = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient far = StompTestClient.connect(ChatNode.port(two), "ann")) {
			near.subscribe("s", "/topic/answers/ann");
			far.subscribe("s", "/topic/answers/ann");
			near.send("SEND", Map.of("destination", "/app/ask", "content-type", "text/plain"), "poem");
			await().atMost(DELAY).until(() -> words.currentSubscriberCount() == 1);
			List<String> pieces = pieces();
			emit(words, pieces, 0, pieces.size() / 2);
			await().atMost(DELAY).until(() -> text(far).length() > POEM.length() / 4);
			far.cut();
			emit(words, pieces, pieces.size() / 2, pieces.size());
			words.tryEmitComplete().orThrow();
			try (StompTestClient reloaded = StompTestClient.connect(ChatNode.port(two), "ann")) {
				reloaded.subscribe("s", "/topic/answers/ann", Map.of("rewind", "1000"));
				for (StompTestClient client : List.of(near, reloaded)) {
					StompFrame end = end(client);
					assertThat(end.header("stream-outcome")).isEqualTo("done");
					assertThat(end.header("stream-offset")).isEqualTo("" + POEM.length());
					assertThat(text(client)).isEqualTo(POEM);
				}
			}
			List<StompFrame> messages = near.messages();
			assertThat(messages.get(0).header("stream-offset")).isEqualTo("0");
			assertThat(messages).extracting((each) -> each.get("stream-id")).containsOnly(end(near).get("stream-id"));
			assertThat(messages).hasSizeLessThan(pieces.size() / 4);
		}
	}

	@Test
	void aUserStopsATextOfAnotherNode() {
		Sinks.Many<String> words = model(one, "endless");
		PipedStream stream = streams(one).pipe("answers/bob", one.getBean(LanguageModel.class).answer("endless"));
		try (StompTestClient far = StompTestClient.connect(ChatNode.port(two), "bob")) {
			far.subscribe("s", "/topic/answers/bob", Map.of("rewind", "1000"));
			words.tryEmitNext("on and on").orThrow();
			await().atMost(DELAY).until(() -> text(far).equals("on and on"));
			far.send("SEND", Map.of("destination", "/app/stop"), "");
			assertThat(end(far).header("stream-outcome")).isEqualTo("stopped");
			StreamEnd end = end(stream);
			assertThat(end.outcome()).isEqualTo(StreamOutcome.STOPPED);
			assertThat(Objects.requireNonNull(end.position()).seq()).isEqualTo(end(far).seq());
			await().atMost(DELAY).until(() -> words.currentSubscriberCount() == 0);
		}
	}

	@Test
	void aSourceThatFailsEndsTheTextWithAReference() {
		double failed = ended(one, "failed");
		Flux<String> source = Flux.just("a", "b").concatWith(Flux.error(new IllegalStateException("the secret")));
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(one), "cat")) {
			client.subscribe("s", "/topic/answers/cat");
			StreamEnd end = end(streams(one).pipe("answers/cat", source));
			assertThat(end.outcome()).isEqualTo(StreamOutcome.FAILED);
			assertThat(end(client).header("stream-reference")).isEqualTo(end.reference());
			assertThat(text(client)).isEqualTo("ab");
			assertThat(client.frames().toString()).doesNotContain("secret");
		}
		assertThat(ended(one, "failed") - failed).isEqualTo(1);
	}

	@Test
	void rule9_aSourceThatBlocksDelaysNoOtherText() {
		Flux<String> blocks = Flux.generate((sink) -> {
			try {
				TimeUnit.SECONDS.sleep(60);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			sink.complete();
		});
		PipedStream blocked = streams(one).pipe("answers/dan", blocks);
		Flux<String> fast = Flux.range(0, 2_000).map((i) -> i + " ");
		StreamEnd end = end(streams(one).pipe("answers/dan", fast));
		assertThat(end.outcome()).isEqualTo(StreamOutcome.DONE);
		assertThat(end.length()).isEqualTo(8_890);
		blocked.stop();
		assertThat(end(blocked).outcome()).isEqualTo(StreamOutcome.STOPPED);
	}

	@Test
	void rule7_whileRedisIsAwayTheTextWaitsAndThenGoesOn() {
		try (RedisServer other = RedisServer.startProcess();
				ConfigurableApplicationContext node = node("spring.data.redis.port=" + other.port())) {
			Sinks.Many<String> words = model(node, "patient");
			PipedStream stream = streams(node).pipe("answers/eve", node.getBean(LanguageModel.class).answer("patient"));
			words.tryEmitNext("before ").orThrow();
			await().atMost(DELAY).until(() -> other.say("KEYS *").contains("answers"));
			other.stop();
			words.tryEmitNext("meanwhile ").orThrow();
			await().atMost(DELAY).until(() -> !isStored(node));
			other.restart();
			words.tryEmitNext("after").orThrow();
			words.tryEmitComplete().orThrow();
			assertThat(end(stream)).extracting(StreamEnd::outcome, StreamEnd::length)
				.containsExactly(StreamOutcome.DONE, "before meanwhile after".length());
		}
	}

	@Test
	void aNodeThatShutsDownInterruptsItsTextsAndTheOtherNodesReadersSeeIt() {
		try (StompTestClient far = StompTestClient.connect(ChatNode.port(two), "fay")) {
			far.subscribe("s", "/topic/answers/fay");
			ConfigurableApplicationContext ends = node("realtime.pipe.drain-timeout=100ms");
			PipedStream stream = streams(ends).pipe("answers/fay", Flux.just("cut ").concatWith(Flux.never()));
			await().atMost(DELAY).until(() -> text(far).equals("cut "));
			ends.close();
			assertThat(end(far).header("stream-outcome")).isEqualTo("interrupted");
			assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.INTERRUPTED);
		}
	}

	@Test
	void aNodeThatOnlyPublishesPipesToo() {
		try (ConfigurableApplicationContext worker = node("realtime.role=publisher",
				"spring.main.web-application-type=none");
				StompTestClient far = StompTestClient.connect(ChatNode.port(two), "gus")) {
			far.subscribe("s", "/topic/answers/gus");
			assertThat(end(streams(worker).pipe("answers/gus", Flux.just("from ", "afar"))).outcome())
				.isEqualTo(StreamOutcome.DONE);
			assertThat(end(far).header("stream-outcome")).isEqualTo("done");
			assertThat(text(far)).isEqualTo("from afar");
		}
	}

	@Test
	void stoppingSaysWhenTheOtherNodesCannotBeAsked() {
		try (RedisServer other = RedisServer.startProcess();
				ConfigurableApplicationContext node = node("spring.data.redis.port=" + other.port())) {
			assertThat(streams(node).stop("answers/nobody").toCompletableFuture()).succeedsWithin(DELAY);
			other.stop();
			await().atMost(DELAY)
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(streams(node).stop("answers/nobody").toCompletableFuture())
					.failsWithin(DELAY));
		}
	}

	@Test
	void aReservedTopicIsRefused() {
		Flux<String> source = Flux.just("x");
		assertThatThrownBy(() -> streams(one).pipe("_fleet.pipes", source))
			.isInstanceOf(IllegalArgumentException.class);
	}

	private static boolean isStored(ConfigurableApplicationContext node) {
		try {
			node.getBean(RealtimePublisher.class).publishAndWait("answers/probe", "x");
			return true;
		}
		catch (PublishException ex) {
			return false;
		}
	}

	private static ConfigurableApplicationContext node(String... properties) {
		return new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port(),
					"realtime.drain.spread=0s", "management.health.redis.enabled=false",
					"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false",
					"realtime.topics.answers.pattern=answers/{user}", "realtime.topics.answers.read=owner:{user}",
					"realtime.breaker.enabled=false")
			.properties(properties)
			.run();
	}

	private static RealtimeStreams streams(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeStreams.class);
	}

	private static Sinks.Many<String> model(ConfigurableApplicationContext node, String question) {
		return node.getBean(Model.class).answers.computeIfAbsent(question,
				(key) -> Sinks.many().unicast().onBackpressureBuffer());
	}

	/** Of three chars each, so that some have half a character. */
	private static List<String> pieces() {
		return IntStream.range(0, (POEM.length() + 2) / 3)
			.mapToObj((i) -> POEM.substring(i * 3, Math.min(POEM.length(), i * 3 + 3)))
			.toList();
	}

	private static void emit(Sinks.Many<String> words, List<String> pieces, int from, int to) {
		pieces.subList(from, to).forEach((each) -> words.tryEmitNext(each).orThrow());
	}

	private static double ended(ConfigurableApplicationContext node, String outcome) {
		return node.getBean(MeterRegistry.class)
			.get("realtime.pipe.ended")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	private static StreamEnd end(PipedStream stream) {
		return stream.completion().toCompletableFuture().orTimeout(DELAY.toSeconds(), TimeUnit.SECONDS).join();
	}

	private static StompFrame end(StompTestClient client) {
		return client.await("the end", (frame) -> "stream.end".equals(frame.get("type")));
	}

	/** The text, as {@code docs/protocol.md} says. */
	private static String text(StompTestClient client) {
		StringBuilder text = new StringBuilder();
		for (StompFrame each : client.messages()) {
			@Nullable String offset = each.get("stream-offset");
			int at = (offset != null) ? Integer.parseInt(offset) : -1;
			if (at >= 0 && at <= text.length() && at + each.body().length() > text.length()) {
				text.append(each.body(), text.length() - at, each.body().length());
			}
		}
		return text.toString();
	}

	/** The application of {@code docs/ai-streams.md}. */
	@SpringBootConfiguration
	@Import({ ChatNode.class, Answers.class })
	static class Node {

		@Bean
		Model model() {
			return new Model();
		}

	}

	/** Says what a test makes it say. */
	static class Model implements LanguageModel {

		final Map<String, Sinks.Many<String>> answers = new ConcurrentHashMap<>();

		@Override
		public Flux<String> answer(String question) {
			return Objects.requireNonNull(this.answers.get(question)).asFlux();
		}

	}

}
