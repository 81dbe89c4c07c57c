package dev.realtime.spring.journey;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionsUnavailableException;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Blocks and revocations where Redis is away, for one node or for all. */
class CutOffNodeIT {

	private static final String[] QUICK = { "realtime.sessions.check-interval=200ms",
			"realtime.sessions.stale-after=2s", "management.endpoint.health.show-details=always" };

	private final RedisServer redis = RedisServer.startProcess();

	private final TcpProxy proxy = new TcpProxy(this.redis.port());

	private final ConfigurableApplicationContext one = RightsNode.start(this.redis.port(), QUICK);

	private final ConfigurableApplicationContext two = RightsNode.start(URI.create(this.proxy.uri()).getPort(), QUICK);

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void rule10_aNodeThatWasCutOffLearnsWhatItMissedAndRefusesKnownUsersMeanwhile() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob");
				StompTestClient kim = StompTestClient.connect(ChatNode.port(this.two), "kim")) {
			result(sessions(this.one).block("lee", Duration.ofMinutes(1)));
			await().until(() -> sessions(this.two).blockedUsers().contains("lee"));
			this.proxy.switchTo(1);
			result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
			result(sessions(this.one).disconnectUser("bob", "bye"));
			assertRefused("lee", 1008, "blocked");
			await().untilAsserted(() -> assertThat(health()).contains("\"stale\":true").contains("\"DOWN\""));
			assertRefused("max", 1013, "temporarily unavailable");
			assertThat(ann.closeCode).isNull();
			this.proxy.switchTo(this.redis.port());
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(ann.closeCode).isEqualTo(1008);
				assertThat(bob.closeCode).isEqualTo(4501);
			});
			await().untilAsserted(() -> assertThat(health()).contains("\"stale\":false"));
			assertThat(kim.closeCode).isNull();
			StompTestClient.connect(ChatNode.port(this.two), "bob").close();
		}
	}

	@Test
	void rule10_aNodeThatWasCutOffDecidesAgainWhenItIsBack() {
		RightsNode.reset();
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			this.proxy.switchTo(1);
			RightsNode.DENIED.add("ann room.1");
			result(sessions(this.one).recheckUser("ann"));
			this.proxy.switchTo(this.redis.port());
			await().atMost(Duration.ofSeconds(20))
				.until(() -> ann.frames().stream().anyMatch((frame) -> frame.isEvent("denied")));
		}
		finally {
			RightsNode.reset();
		}
	}

	@Test
	void rule7_whatRedisForgetsTheNodesStoreAgain() {
		result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
		await().until(() -> sessions(this.two).blockedUsers().contains("ann"));
		try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.redis.port());
				StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync().flushall();
			await().until(() -> connection.sync().hexists("rt:restrictions", "b:ann"));
		}
		assertRefused("ann", 1008, "blocked");
		try (ConfigurableApplicationContext three = RightsNode.start(this.redis.port(), QUICK)) {
			assertThat(sessions(three).blockedUsers()).containsExactly("ann");
		}
	}

	@Test
	void rule7_whileRedisIsAwayCommandsFailAndWhatIsKnownStaysInForce() {
		result(sessions(this.one).block("ann", Duration.ofMinutes(1)));
		this.redis.stop();
		await().untilAsserted(() -> assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> result(sessions(this.one).block("bob", Duration.ofMinutes(1))))
			.withCauseInstanceOf(SessionsUnavailableException.class)
			.withMessageContaining("Redis"));
		assertThat(sessions(this.one).blockedUsers()).containsExactly("ann");
		assertRefused("ann", 1008, "blocked");
	}

	private void assertRefused(String user, int code, String reason) {
		ConfigurableApplicationContext node = user.equals("ann") ? this.one : this.two;
		await().ignoreExceptions().untilAsserted(() -> {
			try (StompTestClient client = StompTestClient.open(ChatNode.port(node))) {
				client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user), "");
				await().atMost(Duration.ofSeconds(2)).until(() -> client.closeCode != null);
				assertThat(client.closeCode).isEqualTo(code);
				assertThat(client.closeReason).isEqualTo(reason);
			}
		});
	}

	private String health() {
		return Http.get(ChatNode.webPort(this.two), "/actuator/health").body();
	}

	private static RealtimeSessions sessions(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeSessions.class);
	}

	private static <T> T result(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
