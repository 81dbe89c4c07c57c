package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who looks at topics with names of his own making leaves nothing behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookingIT {

	private static final int NAMES = 10_000;

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.redis.port());

	private final StatefulRedisConnection<String, String> connection = this.client.connect();

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Snapshots.class)
		.properties("server.port=0", "spring.main.banner-mode=off", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + this.redis.port(), "spring.main.register-shutdown-hook=false",
				"realtime.security.anonymous=true", "realtime.drain.spread=0s", "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.presence=true", "realtime.repair.subscription-linger=500ms",
				"realtime.presence.grace=100ms", "realtime.rates.enabled=false")
		.run();

	private final int port = ChatNode.port(this.node);

	@AfterAll
	void stop() {
		this.node.close();
		this.connection.close();
		this.client.shutdown();
		this.redis.close();
	}

	@Test
	void rule8_tenThousandNamesReadOverHttpLeaveNothing() {
		List<String> paths = List.of("/messages", "/messages?before=7", "/presence", "/snapshot");
		HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		ask(http, paths, 0, 50);
		long meters = meters();
		Set<Integer> statuses = ConcurrentHashMap.newKeySet();
		for (int from = 0; from < NAMES; from += 50) {
			statuses.addAll(ask(http, paths, from, 50));
		}
		assertThat(statuses).containsExactly(200);
		assertThat(keys("room.look")).isEmpty();
		assertThat(channels("room.look")).isEmpty();
		assertThat(this.node.getBean(RealtimeNode.class).hub().topics()).isZero();
		// Others, such as those of the garbage collector, come some time.
		assertThat(meters()).isBetween(meters, meters + 50);
	}

	@Test
	void rule8_tenThousandNamesSubscribedToLeaveNoFeedsAndNoChannelsAndNoKeysThatStay() {
		try (StompTestClient mallory = StompTestClient.connect(this.port, "mallory")) {
			for (int from = 0; from < NAMES; from += 100) {
				for (int i = from; i < from + 100; i++) {
					mallory.send("SUBSCRIBE", Map.of("id", "s" + i, "destination", "/topic/other.sub" + i), "");
				}
				for (int i = from; i < from + 100; i++) {
					mallory.send("UNSUBSCRIBE", Map.of("id", "s" + i, "receipt", "r" + i), "");
				}
				String last = "r" + (from + 99);
				mallory.await(last, (frame) -> last.equals(frame.get("receipt-id")));
			}
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				assertThat(this.node.getBean(RealtimeNode.class).hub().topics()).isZero();
				assertThat(channels("other.sub")).isEmpty();
			});
			assertThat(this.connection.sync().keys("rt:*:other.sub*"))
				.allSatisfy((key) -> assertThat(this.connection.sync().pttl(key)).isBetween(1L,
						Duration.ofHours(1).toMillis()));
		}
	}

	private List<Integer> ask(HttpClient http, List<String> paths, int from, int count) {
		List<CompletableFuture<Integer>> answers = new ArrayList<>();
		for (int i = from; i < from + count; i++) {
			URI uri = URI.create(
					"http://localhost:" + this.port + "/realtime/topics/room.look" + i + paths.get(i % paths.size()));
			answers.add(ask(http, HttpRequest.newBuilder(uri).build(), 5));
		}
		return answers.stream().map(CompletableFuture::join).toList();
	}

	/** Asks again where the node was too busy, as clients do. */
	private static CompletableFuture<Integer> ask(HttpClient http, HttpRequest request, int times) {
		return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
			.thenCompose((answer) -> (answer.statusCode() == 503 && times > 1) ? ask(http, request, times - 1)
					: CompletableFuture.completedFuture(answer.statusCode()));
	}

	private Set<String> keys(String name) {
		return this.connection.sync().keys("*" + name + "*").stream().collect(Collectors.toSet());
	}

	private List<String> channels(String name) {
		return this.connection.sync().pubsubChannels("*" + name + "*");
	}

	private long meters() {
		return this.node.getBeanProvider(MeterRegistry.class)
			.stream()
			.mapToLong((registry) -> registry.getMeters().size())
			.sum();
	}

	/** A node that knows the state of every room. */
	@Configuration(proxyBeanMethods = false)
	@Import(ChatNode.class)
	static class Snapshots {

		@Bean
		SnapshotProvider<String> rooms() {
			return new SnapshotProvider<>() {

				@Override
				public TopicPattern pattern() {
					return new TopicPattern("room.*");
				}

				@Override
				public Snapshot<String> snapshot(Topic topic, @Nullable Principal user) {
					return Snapshot.of("state");
				}

			};
		}

	}

}
