package dev.realtime.spring.journey;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.realtime.testing.NatsServer;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The servers that the nodes of a test's fleet share. Other fleets may be on the same
 * servers.
 *
 * @param properties what makes nodes one fleet on them
 * @param cutRelay ends the connections over which nodes hear of each other's messages
 * @param release gives back what is this fleet's alone
 */
record FleetServers(List<String> properties, Runnable cutRelay, Runnable release) implements AutoCloseable {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	/** One Redis. */
	static FleetServers redis() {
		RedisServer redis = RedisServer.shared();
		return new FleetServers(on(redis), () -> endSubscriptions(redis), () -> {
		});
	}

	/** A Redis Cluster of six processes. */
	static FleetServers cluster() {
		RedisCluster cluster = RedisCluster.shared();
		return new FleetServers(
				List.of("spring.data.redis.cluster.nodes=" + cluster.uri().substring("redis://".length()), prefix()),
				() -> cluster.masters().forEach(FleetServers::endSubscriptions), () -> {
				});
	}

	/** NATS beside one Redis, which keeps the topics. */
	static FleetServers nats() {
		TcpProxy proxy = new TcpProxy(NatsServer.shared().port());
		return new FleetServers(
				Stream.concat(on(RedisServer.shared()).stream(),
						Stream.of("realtime.relay.type=nats",
								"realtime.relay.nats.servers=nats://127.0.0.1:" + proxy.port()))
					.toList(),
				proxy::cut, proxy::close);
	}

	/** PostgreSQL and nothing else. */
	static FleetServers postgresql() {
		return new FleetServers(List.of(PostgresqlAlone.properties()), PostgresqlAlone::killListeners, () -> {
		});
	}

	/** These and those of a test. */
	String[] with(String... more) {
		return Stream.concat(this.properties.stream(), Stream.of(more)).toArray(String[]::new);
	}

	@Override
	public void close() {
		this.release.run();
	}

	private static void endSubscriptions(RedisServer redis) {
		assertThat(redis.say("CLIENT KILL TYPE pubsub")).startsWith(":");
	}

	private static List<String> on(RedisServer redis) {
		return List.of("spring.data.redis.port=" + redis.port(), prefix());
	}

	private static String prefix() {
		return "realtime.redis.prefix=fleet" + NUMBER.incrementAndGet();
	}

}
