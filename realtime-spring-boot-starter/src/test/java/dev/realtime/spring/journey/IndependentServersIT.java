package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.ShardServers;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes whose topics are on three independent servers, and an application whose own
 * Redis is not there.
 */
class IndependentServersIT {

	private final List<RedisServer> servers = new ArrayList<>();

	private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

	@BeforeEach
	void start() {
		RedisShards.assumeSupported();
		IntStream.range(0, 3).forEach((i) -> this.servers.add(RedisServer.startProcess()));
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(ConfigurableApplicationContext::close);
		this.servers.forEach(RedisServer::close);
	}

	@Test
	void messagesOfAllTopicsReachSubscribersOnBothNodesAndWhoReturnsMissesNothing() {
		ConfigurableApplicationContext one = node();
		ConfigurableApplicationContext two = node();
		List<String> rooms = rooms(4);
		StompTestClient here = StompTestClient.connect(ChatNode.port(one), "ann");
		try (StompTestClient there = StompTestClient.connect(ChatNode.port(two), "bob")) {
			Map<String, String> epochs = new HashMap<>();
			for (String room : rooms) {
				epochs.put(room, here.subscribe(room, "/topic/" + room).header("epoch"));
				there.subscribe(room, "/topic/" + room);
				publish(two, room, "hello " + room);
			}
			for (StompTestClient client : List.of(here, there)) {
				rooms.forEach((room) -> assertThat(
						client.await(room, (frame) -> frame.isMessage() && frame.body().equals("hello " + room)).seq())
					.isEqualTo(1));
			}
			here.cut();
			rooms.forEach((room) -> IntStream.range(0, 100).forEach((i) -> publish(one, room, "m" + i)));
			for (String room : rooms) {
				try (StompTestClient back = StompTestClient.connect(ChatNode.port(two), "ann")) {
					StompFrame outcome = back.subscribe(room, "/topic/" + room,
							Map.of("epoch", String.valueOf(epochs.get(room)), "last-seq", "1"));
					assertThat(outcome.headers()).containsEntry("recovered", "true").containsEntry("replayed", "100");
					await().untilAsserted(
							() -> assertThat(back.seqs()).isEqualTo(LongStream.rangeClosed(2, 101).boxed().toList()));
				}
			}
		}
	}

	@Test
	void presenceAgreesOnBothNodesForTopicsOfEachServer() {
		ConfigurableApplicationContext one = node();
		ConfigurableApplicationContext two = node();
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			List<String> rooms = rooms(2);
			rooms.forEach((room) -> {
				ann.subscribe(room, "/topic/" + room);
				bob.subscribe(room, "/topic/" + room);
			});
			for (ConfigurableApplicationContext node : this.nodes) {
				rooms.forEach((room) -> await().untilAsserted(() -> assertThat(
						Http.get(ChatNode.webPort(node), "/realtime/topics/" + room + "/presence").body())
					.contains("\"count\":2", "\"ann\"", "\"bob\"")));
			}
		}
	}

	@Test
	void rule7_aServerThatIsAwayIsNamedInHealthAndItsTopicsAloneFailUntilItIsBack() {
		ConfigurableApplicationContext one = node("management.endpoint.health.show-details=always");
		ConfigurableApplicationContext two = node();
		List<String> rooms = rooms(4);
		String lost = name(1);
		List<String> away = rooms.stream().filter((room) -> server(room).equals(lost)).toList();
		List<String> there = rooms.stream().filter((room) -> !server(room).equals(lost)).toList();
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(two), "ann")) {
			rooms.forEach((room) -> client.subscribe(room, "/topic/" + room));
			assertThat(health(one)).contains("\"status\":\"UP\"", "\"brokerConnected\":true").doesNotContain("problem");

			this.servers.get(1).stop();

			await().untilAsserted(() -> assertThat(health(one)).contains("\"problem\":\"" + lost));
			there.forEach((room) -> publish(one, room, "meanwhile " + room));
			away.forEach((room) -> assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> publish(one, room, "lost"))
				.withMessageContaining("Redis"));
			there.forEach((room) -> client.await(room,
					(frame) -> frame.isMessage() && frame.body().equals("meanwhile " + room)));
			assertThat(client.closeCode).isNull();

			this.servers.get(1).restart();

			away.forEach((room) -> await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> {
				publish(one, room, "back " + room);
				return true;
			}));
			away.forEach(
					(room) -> client.await(room, (frame) -> frame.isMessage() && frame.body().equals("back " + room)));
			await()
				.untilAsserted(() -> assertThat(health(one)).doesNotContain("problem").contains("\"status\":\"UP\""));
			assertThat(client.closeCode).isNull();
		}
	}

	@Test
	void aNodeWithTheNextListTakesOverAndOneWithTheListBeforeIsToldToRestart() {
		ConfigurableApplicationContext old = ChatNode.start(1, "realtime.redis.shards=" + uris(2),
				"management.endpoint.health.show-details=always");
		this.nodes.add(old);
		List<String> rooms = rooms(4);
		rooms.forEach((room) -> publish(old, room, "before"));

		ConfigurableApplicationContext fresh = node("realtime.redis.shards-generation=2");

		rooms.forEach((room) -> publish(fresh, room, "after"));
		await().untilAsserted(() -> assertThat(health(old))
			.contains("\"problem\":\"realtime.redis.shards-generation = 1 is older than 2"));
		assertThat(rooms).filteredOn((room) -> server(room).equals(name(2)))
			.isNotEmpty()
			.allSatisfy((room) -> assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> publish(old, room, "refused"))
				.withMessageContaining("realtime.redis.shards-generation"));
	}

	@Test
	void rule11_closingTheApplicationEndsAllThreads() {
		node().close();
		List<String> before = threads();
		node().close();
		await().untilAsserted(() -> assertThat(threads()).hasSizeLessThanOrEqualTo(before.size()));
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("lettuce") || name.startsWith("realtime"))
			.toList();
	}

	private ConfigurableApplicationContext node(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.redis.shards=" + uris(3)));
		all.addAll(List.of(properties));
		ConfigurableApplicationContext node = ChatNode.start(1, all.toArray(String[]::new));
		this.nodes.add(node);
		return node;
	}

	private String uris(int count) {
		return String.join(",", this.servers.subList(0, count).stream().map(RedisServer::uri).toList());
	}

	private String name(int index) {
		return "127.0.0.1:" + this.servers.get(index).port();
	}

	/**
	 * So many rooms on each server: where a room is depends on the servers' ports, which
	 * are others in each run.
	 */
	private List<String> rooms(int each) {
		Map<String, List<String>> byServer = IntStream.range(0, 300)
			.mapToObj((i) -> "room." + i)
			.collect(Collectors.groupingBy(this::server));
		assertThat(byServer).hasSize(3);
		return byServer.values().stream().flatMap((some) -> some.stream().limit(each)).toList();
	}

	private String server(String room) {
		return ShardServers.of(new Partitions(Partitions.DEFAULT_COUNT).of(Topic.of(room)),
				IntStream.range(0, 3).mapToObj(this::name).toList());
	}

	private static String health(ConfigurableApplicationContext node) {
		return Http.get(ChatNode.webPort(node), "/actuator/health").body();
	}

	private static void publish(ConfigurableApplicationContext node, String room, String text) {
		node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of(room), Content.text(text)));
	}

}
