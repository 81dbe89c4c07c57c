package dev.realtime.spring.journey;

import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** Nodes of one fleet with different relays: refused, unless the fleet is moving. */
class MovingRelayIT {

	private static final String MOVING_FROM = "realtime.relay.moving-from=";

	private static final String TYPE = "realtime.relay.type=";

	@Test
	void aNodeWithAnotherRelayDoesNotStartAndNamesTheProperty() {
		try (RedisServer redis = RedisServer.startProcess();
				ConfigurableApplicationContext one = ChatNode.start(redis.port());
				ConfigurableApplicationContext same = ChatNode.start(redis.port(), TYPE + "redis")) {
			assertThat(refusal(redis.port(), TYPE + "local"))
				.isEqualTo("Property realtime.relay.type = \"local\": must "
						+ "be redis, which Redis knows from the other nodes of the fleet; to move the fleet to another "
						+ "relay set realtime.relay.moving-from=redis");
			assertThat(refusal(redis.port(), MOVING_FROM + "auto")).isEqualTo(
					"Property realtime.relay.moving-from = \"auto\": must name the fleet's previous relay, such as redis");
			assertThat(List.of(one, same)).allMatch(ConfigurableApplicationContext::isRunning);
		}
	}

	@Test
	void aNodeOfAFleetInPostgresqlWithAnotherRelayDoesNotStartEither() {
		String[] fleet = PostgresqlAlone.properties();
		try (ConfigurableApplicationContext one = ChatNode.start(1, fleet)) {
			assertThat(refusal(1, with(fleet, TYPE + "local")))
				.isEqualTo("Property realtime.relay.type = \"local\": must "
						+ "be postgres, which the database knows from the other nodes of the fleet; to move the fleet to "
						+ "another relay set realtime.relay.moving-from=postgres");
			ChatNode.start(1, with(fleet, TYPE + "local", MOVING_FROM + "postgres")).close();
			ChatNode.start(1, fleet).close();
			ChatNode.start(1, with(fleet, TYPE + "local")).close();
			assertThat(refusal(1, fleet)).contains("must be local");
			assertThat(one.isRunning()).isTrue();
		}
	}

	@Test
	void rule7_whileAFleetMovesEachMessageArrivesOnceAndOldNodesMayRestartUntilTheMoveEnds() {
		NatsServer nats = NatsServer.shared();
		String[] old = { "realtime.repair.check-interval=1s", "realtime.relay.nats.servers=" + nats.uri(),
				"realtime.relay.nats.prefix=moving" };
		String[] moved = with(old, TYPE + "nats");
		String[] moving = with(moved, MOVING_FROM + "redis");
		try (RedisServer redis = RedisServer.startProcess()) {
			try (ConfigurableApplicationContext one = ChatNode.start(redis.port(), old)) {
				assertThat(refusal(redis.port(), moved)).contains("must be redis");
				try (ConfigurableApplicationContext two = ChatNode.start(redis.port(), moving);
						ConfigurableApplicationContext restarted = ChatNode.start(redis.port(), old)) {
					eachMessageArrivesOnce(List.of(one, two, restarted));
				}
			}
			try (ConfigurableApplicationContext three = ChatNode.start(redis.port(), moving);
					ConfigurableApplicationContext last = ChatNode.start(redis.port(), moved)) {
				assertThat(refusal(redis.port(), old)).contains("must be nats");
				eachMessageArrivesOnce(List.of(three, last));
				// A node that has not lost the property yet changes nothing.
				ChatNode.start(redis.port(), moving).close();
				assertThat(refusal(redis.port(), old)).contains("must be nats");
			}
		}
	}

	private static void eachMessageArrivesOnce(List<ConfigurableApplicationContext> nodes) {
		Topic topic = Topic.of("room.moving" + nodes.size());
		List<StompTestClient> clients = nodes.stream()
			.map((node) -> StompTestClient.connect(ChatNode.port(node), "ann"))
			.toList();
		clients.forEach((client) -> client.subscribe("sub-0", "/topic/" + topic));
		for (int i = 0; i < 30; i++) {
			nodes.get(i % nodes.size())
				.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(topic, Content.text("text")));
		}
		List<Long> all = LongStream.rangeClosed(1, 30).boxed().toList();
		await()
			.untilAsserted(() -> assertThat(clients).allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(all)));
		clients.forEach(StompTestClient::close);
	}

	private static String[] with(String[] properties, String... more) {
		String[] all = java.util.Arrays.copyOf(properties, properties.length + more.length);
		System.arraycopy(more, 0, all, properties.length, more.length);
		return all;
	}

	private static @Nullable String refusal(int redisPort, String... properties) {
		Throwable failure = catchThrowable(() -> ChatNode.start(redisPort, properties).close());
		while (failure != null && !(failure instanceof InvalidRealtimePropertyException)) {
			failure = failure.getCause();
		}
		return (failure != null) ? failure.getMessage() : null;
	}

}
