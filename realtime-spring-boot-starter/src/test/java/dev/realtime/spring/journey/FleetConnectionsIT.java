package dev.realtime.spring.journey;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How many connections a user may have on all nodes: three. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetConnectionsIT {

	private static final String[] QUICK = { "realtime.limits.fleet-connections-per-user=3",
			"realtime.presence.refresh=300ms", "realtime.presence.lease=2s", "realtime.security.anonymous=true" };

	private final RedisServer redis = RedisServer.startProcess();

	private final TcpProxy proxy = new TcpProxy(this.redis.port());

	private final ConfigurableApplicationContext one = ChatNode.start(this.redis.port(), QUICK);

	private final ConfigurableApplicationContext two = ChatNode.start(URI.create(this.proxy.uri()).getPort(), QUICK);

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void rule8_aUserHasSoManyConnectionsOnAllNodesTogether() {
		List<StompTestClient> open = new ArrayList<>();
		open.add(connect(this.one, "ann"));
		open.add(connect(this.one, "ann"));
		open.add(connect(this.two, "ann"));
		awaitRefused(this.two, "ann");
		awaitRefused(this.one, "ann");
		StompTestClient other = connect(this.two, "bob");
		assertThat(open).allMatch((client) -> client.closeCode == null);
		open.get(0).cut();
		awaitAccepted(this.two, "ann");
		assertThat(other.closeCode).isNull();
		open.forEach(StompTestClient::cut);
		other.cut();
	}

	@Test
	void rule6_aKilledNodeKeepsNoPlaces() {
		List<StompTestClient> open = new ArrayList<>();
		try (NodeProcess victim = NodeProcess.start(this.redis.port(), QUICK)) {
			for (int i = 0; i < 3; i++) {
				open.add(StompTestClient.connect(victim.port(), "kim"));
			}
			awaitRefused(this.one, "kim");
			victim.kill();
			awaitAccepted(this.one, "kim");
		}
		open.forEach(StompTestClient::cut);
	}

	@Test
	void rule7_whileRedisIsAwayNothingIsRefusedAndAfterwardsEverythingCounts() {
		this.proxy.switchTo(1);
		List<StompTestClient> open = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			open.add(connect(this.two, "lee"));
		}
		this.proxy.switchTo(this.redis.port());
		awaitRefused(this.one, "lee");
		awaitRefused(this.two, "lee");
		assertThat(open).allMatch((client) -> client.closeCode == null);
		open.forEach(StompTestClient::cut);
		awaitAccepted(this.one, "lee");
	}

	private static StompTestClient connect(ConfigurableApplicationContext node, String user) {
		return StompTestClient.connect(ChatNode.port(node), user);
	}

	private static StompTestClient ask(ConfigurableApplicationContext node, String user) {
		StompTestClient client = StompTestClient.open(ChatNode.port(node));
		client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", user), "");
		return client;
	}

	/** What other nodes have just reported may come a moment later. */
	private static void awaitRefused(ConfigurableApplicationContext node, String user) {
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
			StompTestClient client = ask(node, user);
			try {
				await().atMost(Duration.ofSeconds(2)).until(() -> client.closeCode != null);
				assertThat(client.closeCode).isEqualTo(1008);
				assertThat(client.closeReason).isEqualTo("too-many-connections");
			}
			finally {
				client.cut();
			}
		});
	}

	private static void awaitAccepted(ConfigurableApplicationContext node, String user) {
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
			StompTestClient client = ask(node, user);
			try {
				await().during(Duration.ofMillis(500))
					.atMost(Duration.ofSeconds(2))
					.until(() -> client.closeCode == null);
			}
			finally {
				client.cut();
			}
		});
	}

}
