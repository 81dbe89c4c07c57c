package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's claims on independent servers (see {@link ShardFence}): before its first
 * script on a server, again when a script is refused there, and once a second, so that it
 * learns of a newer list. From then on it refuses what concerns partitions that are
 * elsewhere in that list, and goes on with all others.
 * <p>
 * A node that begins a generation runs no script before all servers that it reaches know
 * that. If one of the list before is not among them, nodes that still have that list may
 * use it, so the node waits until each of them has looked. Safe for any number of
 * threads; only {@link #start} blocks.
 */
final class ShardClaims {

	private static final Logger logger = LoggerFactory.getLogger(ShardClaims.class);

	/** How often a node looks for a newer list. */
	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** How long a node with an older list may need to learn of a newer one. */
	static final Duration GRACE = Duration.ofSeconds(5);

	private final ShardList list;

	private final int generation;

	private final RedisKeys keys;

	private final byte[] key;

	private final Map<String, byte[][]> arguments = new HashMap<>();

	private final Map<String, Claimed> claimed = new ConcurrentHashMap<>();

	private final Map<String, String> problems = new ConcurrentHashMap<>();

	private final Map<String, Long> looked = new ConcurrentHashMap<>();

	private volatile @Nullable Newer newer;

	ShardClaims(ShardList list, int generation, RedisKeys keys) {
		if (generation < 1) {
			throw new IllegalArgumentException("The generation must be 1 or more, not " + generation);
		}
		this.list = list;
		this.generation = generation;
		this.keys = keys;
		this.key = keys.global("shards");
		Map<String, List<String>> tags = new HashMap<>();
		list.names().forEach((name) -> tags.put(name, new ArrayList<>()));
		of(tags, list.names().get(0)).add("-");
		for (int partition = 0; partition < list.partitions(); partition++) {
			of(tags, list.of(partition)).add(keys.partitions().tag(partition));
		}
		tags.forEach((name, has) -> this.arguments.put(name, arguments(name, has)));
	}

	private static List<String> of(Map<String, List<String>> tags, String name) {
		return tags.computeIfAbsent(name, (none) -> new ArrayList<>());
	}

	private byte[][] arguments(String name, List<String> tags) {
		List<byte[]> all = new ArrayList<>(List.of(RedisLink.arg(this.generation), RedisLink.arg(this.list.text()),
				RedisLink.arg(name), RedisLink.arg(0)));
		tags.forEach((tag) -> all.add(RedisLink.arg(tag)));
		return all.toArray(byte[][]::new);
	}

	/** The key in which a server keeps what it has. */
	String key() {
		return RedisLink.text(this.key);
	}

	/**
	 * Claims all servers that are connected, and waits if others may still be used by
	 * nodes with the list before.
	 * @throws ShardListException when other nodes have another list or a newer one, or a
	 * server is not fit for it
	 */
	void start(Map<String, ? extends RedisLink> links) {
		Environment environment = links.values().iterator().next().environment();
		Map<String, CompletableFuture<Void>> answers = new HashMap<>();
		links.forEach((name, link) -> answers.put(name, claim(name, link).toCompletableFuture()));
		answers.forEach((name, answer) -> {
			try {
				Void unused = environment.join(answer);
			}
			catch (CompletionException ex) {
				if (RedisLink.unwrap(ex) instanceof ShardListException wrong) {
					throw wrong;
				}
				logger.warn("The Redis at {} is not in use yet: {}", name, RedisLink.unwrap(ex).getMessage());
			}
		});
		Newer known = this.newer;
		if (known != null) {
			throw known.refusal();
		}
		pause(environment);
	}

	private void pause(Environment environment) {
		long millis = 0;
		for (Claimed each : this.claimed.values()) {
			if (!this.claimed.keySet().containsAll(each.before.names())) {
				millis = Math.max(millis, GRACE.toMillis() - each.ageMillis(environment.nanoTime()));
			}
		}
		if (millis <= 0) {
			return;
		}
		logger.info("The list of Redis servers has changed, and a server of the previous list cannot be reached: "
				+ "waiting {} ms, until nodes with the previous list have noticed the change", millis);
		environment.pause(Duration.ofMillis(millis));
	}

	/** Looks at a server, unless that was done within the last second. */
	void look(String name, RedisLink link) {
		long now = link.environment().nanoTime();
		Long last = this.looked.get(name);
		if (!link.isConnected() || (last != null && now - last < INTERVAL.toNanos())) {
			return;
		}
		this.looked.put(name, now);
		claim(name, link).exceptionally((failure) -> null);
	}

	/**
	 * Claims a server. Completes also where the server has a newer list, since it may
	 * have partitions that have not moved; fails with a {@link ShardListException} when
	 * it must not be used at all.
	 */
	CompletionStage<Void> claim(String name, RedisLink link) {
		byte[][] arguments = this.arguments.getOrDefault(name, new byte[0][]).clone();
		if (this.newer != null) {
			arguments[3] = RedisLink.arg(1);
		}
		return link
			.<List<Object>>run("claim", this.key,
					(redis) -> redis.eval(ShardFence.CLAIM, ScriptOutputType.MULTI, new byte[][] { this.key },
							arguments))
			.handle((answer, failure) -> {
				if (failure != null) {
					throw new CompletionException(failed(name, RedisLink.unwrap(failure)));
				}
				claimed(name, answer.stream().map(ShardClaims::text).toList(), link.environment().nanoTime());
				return null;
			});
	}

	/** The command itself was refused. */
	private Throwable failed(String name, Throwable failure) {
		String message = String.valueOf(failure.getMessage());
		if (failure instanceof RedisCommandExecutionException
				&& (message.startsWith("MOVED ") || message.startsWith("The Redis Cluster"))) {
			return wrong(name, ofCluster(name));
		}
		return failure;
	}

	private void claimed(String name, List<String> answer, long nowNanos) {
		switch (answer.get(0)) {
			case "ours" -> ours(name, answer, nowNanos);
			case "newer" -> newer(Integer.parseInt(answer.get(1)), ShardList.parse(answer.get(2)));
			case "look" -> this.problems.remove(name);
			case "other" -> throw wrong(name,
					new ShardListException(ShardListException.SHARDS, this.list.names().toString(),
							"must be " + named(ShardList.parse(answer.get(2))) + ", in this order, which the Redis at "
									+ name + " knows from other nodes of the fleet; to change the list, increase "
									+ ShardListException.GENERATION + " by one on all nodes"));
			case "twice" -> throw wrong(name,
					new ShardListException(ShardListException.SHARDS, this.list.names().toString(),
							"must not name a server twice: " + name + " and " + answer.get(1)
									+ " are the same Redis. Keep one of the names"));
			case "cluster" -> throw wrong(name, ofCluster(name));
			case "old" -> throw wrong(name, new ShardListException(ShardListException.SHARDS,
					this.list.names().toString(), "needs servers of Redis 7.0 or later, and " + name + " is older"));
			default -> throw new IllegalStateException(answer.toString());
		}
	}

	private String named(ShardList other) {
		return other.names() + ((other.partitions() != this.list.partitions())
				? " with realtime.redis.partitions = " + other.partitions() : "");
	}

	private ShardListException ofCluster(String name) {
		return new ShardListException(ShardListException.SHARDS, this.list.names().toString(),
				"must name independent servers, and " + name
						+ " is part of a Redis Cluster. Name its nodes in spring.data.redis.cluster.nodes instead");
	}

	private ShardListException wrong(String name, ShardListException wrong) {
		if (!String.valueOf(wrong.getMessage()).equals(this.problems.put(name, String.valueOf(wrong.getMessage())))) {
			logger.error("{}", wrong.getMessage());
		}
		return wrong;
	}

	private void ours(String name, List<String> answer, long nowNanos) {
		this.problems.remove(name);
		ShardList before = ShardList.parse(answer.get(3));
		this.claimed.put(name, new Claimed(before, Long.parseLong(answer.get(4)), nowNanos));
		if (!answer.get(1).equals("0") || !answer.get(2).equals("0")) {
			logger.info(
					"Generation {} of the list of Redis servers is in effect at {}: {} of {} partitions were "
							+ "moved to it, {} were moved away from it. Topics of moved partitions begin new epochs",
					this.generation, name, answer.get(1), this.list.partitions(), answer.get(2));
		}
	}

	private synchronized void newer(int next, ShardList other) {
		Newer known = this.newer;
		if (known != null && known.generation >= next) {
			return;
		}
		Set<Integer> moved = new HashSet<>();
		boolean all = other.partitions() != this.list.partitions();
		for (int partition = 0; partition < this.list.partitions(); partition++) {
			if (all || !other.of(partition).equals(this.list.of(partition))) {
				moved.add(this.keys.partitions().slot(partition));
			}
		}
		int partitions = moved.size();
		if (!other.names().get(0).equals(this.list.names().get(0))) {
			moved.add(ShardServers.GLOBAL);
		}
		ShardListException refusal = new ShardListException(ShardListException.GENERATION,
				Integer.toString(this.generation),
				"is older than " + next + ", the generation with which other nodes of the fleet use the servers "
						+ named(other) + "; configure this node like them and restart it");
		this.newer = new Newer(next, Set.copyOf(moved), refusal);
		logger.error(
				"{}. Until then this node refuses topics of the {} partitions that are on other servers now, and "
						+ "continues to serve the other {}",
				refusal.getMessage(), partitions, this.list.partitions() - partitions);
	}

	/** A server answers, and refuses connections. */
	ShardListException unusable(String name, String why) {
		return new ShardListException(ShardListException.SHARDS, this.list.names().toString(),
				"names " + name + ", which cannot be used: " + why);
	}

	/** Why nothing of a slot may be sent to the server of this node's list, or null. */
	@Nullable RedisRefusedException refusal(int slot) {
		Newer known = this.newer;
		return (known != null && known.moved.contains(slot))
				? new RedisRefusedException(String.valueOf(known.refusal.getMessage()), false, known.refusal) : null;
	}

	/** That other nodes have a newer list, as a sentence, or null. */
	@Nullable String newer() {
		Newer known = this.newer;
		return (known != null) ? known.refusal.getMessage() : null;
	}

	/** What is wrong, as a sentence, or null. */
	@Nullable String problem() {
		String known = newer();
		return (known != null) ? known : this.problems.values().stream().findFirst().orElse(null);
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

	/** A server that has this node's list. */
	private record Claimed(ShardList before, long age, long nanos) {

		/** For how long it has it. */
		long ageMillis(long nowNanos) {
			return this.age + TimeUnit.NANOSECONDS.toMillis(nowNanos - this.nanos);
		}

	}

	/** A newer list. */
	private record Newer(int generation, Set<Integer> moved, ShardListException refusal) {
	}

}
