package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;

/** Nodes over one Redis, each with a client of its own that can be cut. */
final class Fleet implements AutoCloseable {

	/** The longest that a node waits for Redis. */
	static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final ClientResources resources = ClientResources.builder()
		.reconnectDelay(Delay.constant(Duration.ofMillis(20)))
		.build();

	private final Map<RedisPresence, RedisClient> nodes = new LinkedHashMap<>();

	private final RedisClient admin;

	private final StatefulRedisConnection<String, String> look;

	private final RedisKeys keys;

	private final TopicPolicies policies;

	private final RedisLink link;

	private final StoredEvents events;

	private final RedisServer redis;

	private final PresenceOptions options;

	Fleet(RedisServer redis, PresenceOptions options) {
		this(redis, options, "rt", Duration.ofMinutes(1));
	}

	/**
	 * With keys of its own: nodes of fleets with the same keys work for each other.
	 * @param history how long events are kept
	 */
	Fleet(RedisServer redis, PresenceOptions options, String prefix, Duration history) {
		this.redis = redis;
		this.keys = new RedisKeys(prefix);
		this.policies = TopicPolicies.all(TopicPolicy.builder().history(100_000, history).build());
		this.options = options;
		this.admin = RedisClient.create(this.resources, redis.uri());
		this.look = this.admin.connect();
		this.link = RedisLink.connect(this.admin, TIMEOUT, new Loops(), "realtime-redis-test");
		this.events = new StoredEvents(this.link, this.keys);
	}

	List<RedisPresence> start(int count) {
		List<RedisPresence> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(start());
		}
		return started;
	}

	RedisPresence start() {
		RedisClient client = RedisClient.create(this.resources, this.redis.uri());
		RedisPresence node = new RedisPresence(client, this.keys, "node-" + this.nodes.size(), this.options,
				this.policies, TIMEOUT, Duration.ofMinutes(10), new Loops());
		node.start((topic, event) -> {
			throw new AssertionError(event);
		});
		this.nodes.put(node, client);
		return node;
	}

	/** From now on nothing of this node reaches Redis: no renewal and no farewell. */
	void kill(RedisPresence node) {
		RedisClient client = this.nodes.get(node);
		if (client != null) {
			client.shutdown(Duration.ZERO, Duration.ZERO);
		}
	}

	/** What all nodes published. */
	StoredEvents events() {
		return this.events;
	}

	/** For a look into Redis. */
	RedisCommands<String, String> redis() {
		return this.look.sync();
	}

	@Override
	public void close() {
		this.nodes.keySet().forEach(RedisPresence::close);
		this.nodes.values().forEach((client) -> client.shutdown(Duration.ZERO, Duration.ZERO));
		this.link.close();
		this.admin.shutdown(Duration.ZERO, Duration.ZERO);
		this.resources.shutdown(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
	}

}
