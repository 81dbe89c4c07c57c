package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.ShardServers;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two nodes on three independent Redis servers, 500 messages a second on 200 topics,
 * while one server is killed and comes back empty some seconds later.
 */
class ShardsChaosIT {

	private final List<RedisServer> servers = new ArrayList<>();

	private final FleetChaos chaos = new FleetChaos((keys) -> RedisFleet.ofShards(uris(), keys));

	@BeforeEach
	void start() {
		RedisShards.assumeSupported();
		IntStream.range(0, 3).forEach((i) -> this.servers.add(RedisServer.startProcess()));
	}

	@AfterEach
	void close() {
		this.chaos.close();
		this.servers.forEach(RedisServer::close);
	}

	@ParameterizedTest
	@EnumSource(names = { "BOTH", "PARTITIONS" })
	void rule7_oneServerIsLostAndTheTopicsOfTheOthersAreUnaffected(Channels channels) {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), channels);
		RedisBroker publisher = this.chaos.node(keys).broker();
		List<FleetChaos.Subscription> subscriptions = this.chaos.subscribe(this.chaos.node(keys),
				this.chaos.node(keys));
		Thread faults = new Thread(() -> {
			FleetChaos.sleep(3);
			this.servers.get(0).stop();
			FleetChaos.sleep(3);
			this.servers.get(0).restart();
		});
		faults.start();
		int sent = this.chaos.publish(publisher);
		Await.result(FleetChaos.join(faults));
		this.chaos.finish(publisher, subscriptions);
		this.chaos.report("shards, " + channels, sent, subscriptions);
		List<FleetChaos.Subscription> told = subscriptions.stream().filter(FleetChaos.Subscription::isTold).toList();
		List<Topic> lost = this.chaos.topics.stream().filter((topic) -> isLost(keys, topic)).toList();
		assertThat(told).allMatch((each) -> lost.contains(each.topic()));
		assertThat(this.chaos.failedTopics()).isNotEmpty().allMatch(lost::contains);
	}

	private boolean isLost(RedisKeys keys, Topic topic) {
		List<String> names = uris().stream().map((uri) -> uri.substring("redis://".length())).toList();
		return ShardServers.of(keys.partitions().of(topic), names).equals(names.get(0));
	}

	private List<String> uris() {
		return this.servers.stream().map(RedisServer::uri).toList();
	}

}
