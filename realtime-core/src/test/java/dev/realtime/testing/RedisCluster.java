package dev.realtime.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Redis Cluster for a test: three masters with equal ranges of slots, and a
 * replica of each; six processes. It needs Redis 7, so tests are left out with the older
 * one inside embedded-redis.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int MASTERS = 3;

	private final List<RedisServer> servers = new ArrayList<>();

	/** The ports on which they talk to each other. */
	private final List<Integer> buses = new ArrayList<>();

	private final RedisClient client = RedisClient.create();

	private RedisCluster() {
	}

	/** Starts one and waits until all slots are served and all replicas are in step. */
	public static RedisCluster start() {
		Assumptions.assumeTrue(isSupported(), "Redis Cluster needs an installed redis-server 7 or later");
		RedisCluster cluster = new RedisCluster();
		try {
			for (int i = 0; i < 2 * MASTERS; i++) {
				int bus = Ports.reserve();
				cluster.buses.add(bus);
				cluster.servers.add(Ports
					.startOnOne((port) -> RedisServer.startProcess(port, "--cluster-enabled", "yes", "--cluster-port",
							Integer.toString(bus), "--cluster-node-timeout", "1000", "--cluster-require-full-coverage",
							"no", "--cluster-allow-replica-migration", "no", "--repl-diskless-sync-delay", "0")));
			}
			cluster.join();
			return cluster;
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
	}

	/** One for all tests that do not harm it; it goes with the JVM. */
	public static RedisCluster shared() {
		Assumptions.assumeTrue(isSupported(), "Redis Cluster needs an installed redis-server 7 or later");
		return Shared.CLUSTER;
	}

	/** Leaves a test out where there is no Redis 7. */
	static void assumeSupported() {
		Assumptions.assumeTrue(isSupported(), "Sharded publish/subscribe needs an installed redis-server 7 or later");
	}

	private static boolean isSupported() {
		try {
			Process process = new ProcessBuilder(RedisServer.binary().toString(), "--version").start();
			String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return process.waitFor(10, TimeUnit.SECONDS) && version.matches("(?s).*v=([7-9]|\\d\\d).*");
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void join() {
		for (int i = 0; i < this.servers.size(); i++) {
			int index = i;
			on(this.servers.get(i), (redis) -> redis.clusterSetConfigEpoch(index + 1));
			if (i > 0) {
				on(this.servers.get(i), (redis) -> meet(redis, this.servers.get(0).port(), this.buses.get(0)));
			}
		}
		await(() -> this.servers.stream()
			.allMatch((server) -> on(server, RedisCommands::clusterNodes).lines()
				.filter((line) -> !line.contains("handshake"))
				.count() == this.servers.size()));
		for (int i = 0; i < MASTERS; i++) {
			int from = i * SlotHash.SLOT_COUNT / MASTERS;
			int to = (i + 1) * SlotHash.SLOT_COUNT / MASTERS;
			on(this.servers.get(i), (redis) -> redis.clusterAddSlots(IntStream.range(from, to).toArray()));
			String id = on(this.servers.get(i), RedisCommands::clusterMyId);
			RedisServer replica = this.servers.get(i + MASTERS);
			await(() -> on(replica, RedisCommands::clusterNodes).contains(id));
			on(replica, (redis) -> redis.clusterReplicate(id));
		}
		await(this::isWhole);
	}

	private static String meet(RedisCommands<String, String> redis, int port, int bus) {
		return redis.dispatch(CommandType.CLUSTER, new StatusOutput<>(StringCodec.UTF8),
				new CommandArgs<>(StringCodec.UTF8).add("MEET").add("127.0.0.1").add(port).add(bus));
	}

	/** Whether each node sees all slots served, and each replica its master. */
	private boolean isWhole() {
		for (RedisServer server : this.servers) {
			String info = on(server, RedisCommands::clusterInfo);
			String replication = on(server, (redis) -> redis.info("replication"));
			String nodes = on(server, RedisCommands::clusterNodes);
			boolean whole = info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384")
					&& (replication.contains("role:master") || replication.contains("master_link_status:up"))
					&& nodes.lines().filter((line) -> line.contains("slave")).count() >= MASTERS;
			if (!whole) {
				return false;
			}
		}
		return true;
	}

	/** A first node for clients. */
	public String uri() {
		return this.servers.get(0).uri();
	}

	/** The master that has the slot now. */
	public RedisServer master(int slot) {
		for (RedisServer server : this.servers) {
			if (isUp(server) && on(server, RedisCommands::clusterNodes).lines()
				.anyMatch((line) -> line.contains("myself,master") && hasSlot(line, slot))) {
				return server;
			}
		}
		throw new IllegalStateException("No master has slot " + slot);
	}

	/** All masters of now. */
	public List<RedisServer> masters() {
		return this.servers.stream()
			.filter((server) -> isUp(server) && on(server, RedisCommands::role).get(0).equals("master"))
			.toList();
	}

	private static boolean hasSlot(String line, int slot) {
		String[] words = line.split(" ", -1);
		for (int i = 8; i < words.length; i++) {
			String[] range = words[i].split("-", -1);
			if (!words[i].startsWith("[") && Integer.parseInt(range[0]) <= slot
					&& slot <= Integer.parseInt(range[range.length - 1])) {
				return true;
			}
		}
		return false;
	}

	private boolean isUp(RedisServer server) {
		try {
			on(server, RedisCommands::ping);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/** Kills a server; its replica takes over some seconds later. */
	public void kill(RedisServer server) {
		server.stop();
	}

	/** Whether replicas take over from lost masters, as they do from the start. */
	public void replicasTakeOver(boolean take) {
		this.servers.stream()
			.filter(this::isUp)
			.forEach((server) -> on(server,
					(redis) -> redis.configSet("cluster-replica-no-failover", take ? "no" : "yes")));
	}

	/**
	 * Starts a killed server again, which becomes a replica, and waits until all is well.
	 */
	public void heal() {
		this.servers.stream().filter((server) -> !isUp(server)).forEach(RedisServer::restartInPlace);
		await(this::isWhole);
	}

	/** Moves a slot with its keys, as {@code redis-cli --cluster reshard} does. */
	public void move(int slot, RedisServer from, RedisServer to) {
		String source = on(from, RedisCommands::clusterMyId);
		String target = on(to, RedisCommands::clusterMyId);
		on(to, (redis) -> redis.clusterSetSlotImporting(slot, source));
		on(from, (redis) -> redis.clusterSetSlotMigrating(slot, target));
		for (List<String> keys = keys(from, slot); !keys.isEmpty(); keys = keys(from, slot)) {
			List<String> some = keys;
			on(from, (redis) -> redis.migrate("127.0.0.1", to.port(), 0, 5_000, MigrateArgs.Builder.keys(some)));
		}
		on(to, (redis) -> redis.clusterSetSlotNode(slot, target));
		on(from, (redis) -> redis.clusterSetSlotNode(slot, target));
	}

	private List<String> keys(RedisServer server, int slot) {
		return on(server, (redis) -> redis.clusterGetKeysInSlot(slot, 100));
	}

	/** Runs a command on one server. */
	public <T> T on(RedisServer server, Function<RedisCommands<String, String>, T> command) {
		RedisURI uri = RedisURI.create(server.uri());
		uri.setTimeout(Duration.ofSeconds(10));
		try (StatefulRedisConnection<String, String> connection = this.client.connect(uri)) {
			return command.apply(connection.sync());
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await("the cluster").atMost(Duration.ofSeconds(60)).ignoreExceptions().until(condition);
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
		this.servers.forEach(RedisServer::close);
	}

	private static final class Shared {

		private static final RedisCluster CLUSTER = RedisCluster.start();

	}

}
