package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.partition.Partitions;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What happens to topics and nodes when the list of independent servers changes. */
class ShardListIT {

	private static final RedisKeys KEYS = new RedisKeys("rt", new Partitions(128), Channels.BOTH);

	private final List<RedisServer> servers = new ArrayList<>();

	private final List<RedisFleet> fleets = new ArrayList<>();

	private final List<Topic> topics = IntStream.range(0, 60).mapToObj((i) -> Messages.topic()).toList();

	private final Map<Topic, Position> last = new HashMap<>();

	@BeforeEach
	void start() {
		RedisShards.assumeSupported();
		IntStream.range(0, 3).forEach((i) -> this.servers.add(RedisServer.startProcess()));
	}

	@AfterEach
	void stop() {
		this.fleets.forEach(RedisFleet::close);
		this.servers.forEach(RedisServer::close);
	}

	@Test
	void rule1_topicsThatHaveMovedBeginNewEpochsAndNoOthersDo() {
		publish(node(1, 0, 1));

		RedisBroker after = node(2, 0, 1, 2);

		publish(after, (topic) -> moved(topic, uris(0, 1), uris(0, 1, 2)));
	}

	@Test
	void rule1_aTopicThatComesBackToAServerDoesNotGoOnCountingThere() {
		publish(node(1, 0, 1));
		publish(node(2, 0, 1, 2), (topic) -> moved(topic, uris(0, 1), uris(0, 1, 2)));

		RedisBroker after = node(3, 0, 1);

		publish(after, (topic) -> moved(topic, uris(0, 1), uris(0, 1, 2)));
	}

	@Test
	void rule1_whereAGenerationWasSkippedAllTopicsBeginNewEpochs() {
		publish(node(1, 0, 1));

		publish(node(3, 0, 1), (topic) -> true);
	}

	@Test
	void anotherNodeWithTheSameListContinues() {
		publish(node(1, 0, 1));

		RedisBroker other = node(1, 0, 1);

		this.topics.forEach((topic) -> assertThat(publish(other, topic).position()).isEqualTo(next(last(topic))));
	}

	@Test
	void aServerThatHasLostEverythingIsClaimedAgainAndBeginsNewEpochs() {
		RedisBroker broker = node(1, 0, 1);
		publish(broker);

		this.servers.get(1).say("FLUSHALL");

		publish(broker, (topic) -> of(topic, uris(0, 1)).equals(name(1)));
	}

	@Test
	void rule1_aNodeWithTheListBeforeRefusesWhatHasMovedAndGoesOnWithTheRest() {
		RedisBroker old = node(1, 0, 1);
		publish(old);
		RedisBroker fresh = node(2, 0, 1, 2);

		for (Topic topic : this.topics) {
			if (moved(topic, uris(0, 1), uris(0, 1, 2))) {
				assertThatThrownBy(() -> publish(old, topic)).hasStackTraceContaining(
						"realtime.redis.shards-generation = 1 is older than 2, the generation with which other "
								+ "nodes of the fleet use the servers [" + name(0) + ", " + name(1) + ", " + name(2)
								+ "]");
			}
			else {
				assertThat(publish(old, topic).position()).isEqualTo(next(last(topic)));
				assertThat(publish(fresh, topic).position()).isEqualTo(next(next(last(topic))));
			}
		}
		assertThat(old.problem()).contains("realtime.redis.shards-generation = 1 is older than 2");
		assertThat(fresh.problem()).isNull();
	}

	@Test
	void aNodeWithTheListBeforeStopsUsingAServerThatHasLeftBeforeTheNewListIsUsed() {
		RedisBroker old = node(1, 0, 1);
		publish(old);

		RedisBroker fresh = node(2, 0);

		for (Topic topic : this.topics) {
			if (of(topic, uris(0, 1)).equals(name(1))) {
				assertThatThrownBy(() -> publish(old, topic)).hasStackTraceContaining("is older than 2");
			}
		}
		publish(fresh, (topic) -> of(topic, uris(0, 1)).equals(name(1)));
	}

	@Test
	void aNodeWithAnOlderListDoesNotStart() {
		node(2, 0, 1);

		assertThatThrownBy(() -> node(1, 0, 1, 2)).isInstanceOf(ShardListException.class)
			.hasMessageStartingWith("realtime.redis.shards-generation = 1 is older than 2, the generation with "
					+ "which other nodes of the fleet use the servers [" + name(0) + ", " + name(1) + ']');
	}

	@Test
	void aNodeWithAnotherListDoesNotStart() {
		node(1, 0, 1);

		assertThatThrownBy(() -> node(1, 0, 1, 2)).isInstanceOf(ShardListException.class)
			.hasMessageContainingAll("realtime.redis.shards = ",
					"must be [" + name(0) + ", " + name(1) + "], in this order",
					"increase realtime.redis.shards-generation by one");
	}

	@Test
	void aNodeWithOtherPartitionsDoesNotStart() {
		node(1, 0, 1);

		RedisFleet other = fleet(
				RedisFleet.ofShards(uris(0, 1), new RedisKeys("rt", new Partitions(64), Channels.BOTH)));
		assertThatThrownBy(other::broker).isInstanceOf(ShardListException.class)
			.hasMessageContaining("with realtime.redis.partitions = 128");
	}

	@Test
	void aServerWithTwoNamesIsFound() {
		List<String> uris = List.of(uris(0).get(0), uris(0).get(0).replace("127.0.0.1", "localhost"));

		assertThatThrownBy(() -> fleet(RedisFleet.ofShards(uris, KEYS)).broker()).isInstanceOf(ShardListException.class)
			.hasMessageContainingAll("must not name a server twice", name(0), "localhost:", "are the same Redis");
	}

	@Test
	void aServerOfARedisClusterIsFound() {
		RedisServer member = RedisShards.startClusterMember();
		this.servers.add(member);

		assertThatThrownBy(() -> fleet(RedisFleet.ofShards(List.of(uris(0).get(0), member.uri()), KEYS)).broker())
			.isInstanceOf(ShardListException.class)
			.hasMessageContainingAll("127.0.0.1:" + member.port() + " is part of a Redis Cluster",
					"spring.data.redis.cluster.nodes");
	}

	@Test
	void aServerThatDoesNotAcceptTheCredentialsIsNamedAndPasswordsAreNot() {
		List<String> uris = List.of(uris(0).get(0), uris(1).get(0).replace("//", "//app:secret@"));

		assertThatThrownBy(() -> fleet(RedisFleet.ofShards(uris, KEYS)).broker()).isInstanceOf(ShardListException.class)
			.hasMessageContainingAll("realtime.redis.shards", "names " + name(1) + ", which cannot be used",
					"does not accept the user name or the password")
			.hasMessageNotContaining("secret");
	}

	@Test
	void aNodeStartsWithoutAServerThatIsAwayAndUsesItWhenItIsBack() {
		this.servers.get(1).stop();
		RedisBroker broker = node(1, 0, 1);
		List<Topic> away = this.topics.stream().filter((topic) -> of(topic, uris(0, 1)).equals(name(1))).toList();
		assertThat(away).isNotEmpty();
		assertThatThrownBy(() -> publish(broker, away.get(0))).hasStackTraceContaining("Redis is not connected");
		assertThat(broker.problem()).startsWith(name(1) + " is not connected");

		this.servers.get(1).restart();

		Await.until(() -> assertThat(publish(broker, away.get(0)).position().seq()).isEqualTo(1));
		Await.until(() -> assertThat(broker.problem()).isNull());
	}

	private void publish(RedisBroker broker) {
		this.topics.forEach((topic) -> this.last.put(topic, publish(broker, topic).position()));
	}

	/** Publishes on all topics; those that it is true of must begin new epochs. */
	private void publish(RedisBroker broker, Predicate<Topic> begins) {
		List<Topic> begun = this.topics.stream().filter(begins).toList();
		assertThat(begun).isNotEmpty();
		for (Topic topic : this.topics) {
			Position before = last(topic);
			Position now = publish(broker, topic).position();
			if (begun.contains(topic)) {
				assertThat(now.seq()).isEqualTo(1);
				assertThat(now.epoch()).isNotEqualTo(before.epoch());
			}
			else {
				assertThat(now).isEqualTo(next(before));
			}
			this.last.put(topic, now);
		}
	}

	private static PublishReceipt publish(RedisBroker broker, Topic topic) {
		return Await.result(broker
			.publish(Messages.text(topic, "text"), TopicPolicy.builder().history(100, Duration.ofHours(1)).build())
			.toCompletableFuture());
	}

	private Position last(Topic topic) {
		return Objects.requireNonNull(this.last.get(topic));
	}

	private static Position next(Position position) {
		return new Position(position.epoch(), position.seq() + 1);
	}

	private static boolean moved(Topic topic, List<String> before, List<String> after) {
		return !of(topic, before).equals(of(topic, after));
	}

	private static String of(Topic topic, List<String> uris) {
		return ShardServers.of(KEYS.partitions().of(topic),
				uris.stream().map((uri) -> uri.substring("redis://".length())).toList());
	}

	private RedisBroker node(int generation, int... servers) {
		return fleet(RedisFleet.ofShards(uris(servers), generation, KEYS)).broker();
	}

	private RedisFleet fleet(RedisFleet fleet) {
		this.fleets.add(fleet);
		return fleet;
	}

	private List<String> uris(int... indexes) {
		return IntStream.of(indexes).mapToObj((i) -> this.servers.get(i).uri()).toList();
	}

	private String name(int index) {
		return "127.0.0.1:" + this.servers.get(index).port();
	}

}
