package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceContract;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Presence on three independent Redis servers. */
class ShardsPresenceIT extends PresenceContract {

	private final List<RedisFleet> fleets = new ArrayList<>();

	private List<RedisPresence> nodes = List.of();

	private StoredEvents events = events(keys("rt"));

	@BeforeEach
	void startNodes() {
		this.nodes = nodes(keys("rt"), SHORT, 3);
	}

	@AfterEach
	void stop() {
		this.fleets.forEach(RedisFleet::close);
	}

	@Override
	protected List<RedisPresence> start(PresenceOptions options) {
		this.events = events(keys("other"));
		return nodes(keys("other"), options, 2);
	}

	@Override
	protected PublishedEvents events() {
		return this.events;
	}

	@Override
	protected Presence first() {
		return this.nodes.get(0);
	}

	@Override
	protected Presence second() {
		return this.nodes.get(1);
	}

	private static RedisKeys keys(String prefix) {
		return new RedisKeys(prefix, new Partitions(128), Channels.BOTH);
	}

	private StoredEvents events(RedisKeys keys) {
		return new StoredEvents(fleet(keys).link(), keys);
	}

	private RedisFleet fleet(RedisKeys keys) {
		RedisFleet fleet = RedisFleet.ofShards(RedisShards.shared(), keys);
		this.fleets.add(fleet);
		return fleet;
	}

	private List<RedisPresence> nodes(RedisKeys keys, PresenceOptions options, int count) {
		List<RedisPresence> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			RedisFleet fleet = fleet(keys);
			RedisPresence node = fleet.with(new RedisPresence(fleet.anyClient(), keys, "node-" + i, options,
					TopicPolicies.all(TopicPolicy.builder().history(100_000, Duration.ofMinutes(1)).build()),
					Duration.ofSeconds(2), Duration.ofMinutes(10), new Loops()));
			node.start((topic, event) -> {
				throw new AssertionError(event);
			});
			started.add(node);
		}
		return started;
	}

}
