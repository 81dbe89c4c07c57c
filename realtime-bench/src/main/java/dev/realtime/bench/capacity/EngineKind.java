package dev.realtime.bench.capacity;

import java.util.Arrays;
import java.util.List;

/** What numbers, stores and announces a fleet's messages, and how it grows. */
public enum EngineKind {

	/** One Redis; a node hears of the topics of its subscribers. */
	REDIS("redis", "redis", Reach.SUBSCRIBED, true),

	/** One Redis; every node hears of every message. */
	REDIS_PARTITIONS("redis-partitions", "redis", Reach.ALL, true),

	/** Several independent servers, which share the topics. */
	REDIS_SHARDS("redis-shards", "redis", Reach.SUBSCRIBED, false),

	/** The masters of a Redis Cluster. */
	CLUSTER("cluster", "redis", Reach.SUBSCRIBED, false),

	/** Several Redis servers store, NATS servers announce. */
	NATS("nats", "nats", Reach.SUBSCRIBED, false),

	/** Several Redis servers store, RabbitMQ servers announce. */
	RABBIT("rabbit", "rabbit", Reach.SUBSCRIBED, false),

	/** Several Redis servers store, Kafka brokers announce to every node. */
	KAFKA("kafka", "kafka", Reach.ALL, false),

	/** One PostgreSQL; every node hears that a topic has moved. */
	POSTGRES("postgres", "postgres", Reach.ALL, true);

	/** Which nodes receive a message from the relay. */
	enum Reach {

		/** Those that have subscribers of its topic. */
		SUBSCRIBED,

		/** All. */
		ALL

	}

	private final String text;

	private final String costs;

	private final Reach reach;

	private final boolean alone;

	EngineKind(String text, String costs, Reach reach, boolean alone) {
		this.text = text;
		this.costs = costs;
		this.reach = reach;
		this.alone = alone;
	}

	/** As it is asked for. */
	public String text() {
		return this.text;
	}

	/** Before the names of its costs in a file of costs. */
	public String costs() {
		return this.costs;
	}

	/** Before the names of the costs of what stores. */
	String storeCosts() {
		return (this == POSTGRES) ? "postgres" : "redis";
	}

	/** Whether all messages of the fleet pass one server. */
	boolean isAlone() {
		return this.alone;
	}

	/** Whether another server than the store announces. */
	boolean hasRelay() {
		return this == NATS || this == RABBIT || this == KAFKA;
	}

	/**
	 * How many threads of a node receive from the relay: one for each server's
	 * connection, but no more than it has cores.
	 */
	public int relayThreads(int servers, double cores) {
		return (this == REDIS_SHARDS || this == CLUSTER) ? (int) Math.max(1, Math.min(servers, cores)) : 1;
	}

	/**
	 * On how many of the nodes a message is expected to arrive. With subscribers spread
	 * at random over N nodes each misses a given one with (1 - 1/N)^members.
	 */
	public double reached(int nodes, int members) {
		return (this.reach == Reach.ALL) ? nodes : expectedNodes(nodes, members);
	}

	/** How many of so many nodes have at least one of so many subscribers. */
	public static double expectedNodes(int nodes, int members) {
		return nodes * -StrictMath.expm1(members * StrictMath.log1p(-1.0 / nodes));
	}

	/** The names of all. */
	public static List<String> names() {
		return Arrays.stream(values()).map(EngineKind::text).toList();
	}

	/** The one of this name, which is one of {@link #names()}. */
	static EngineKind of(String text) {
		return Arrays.stream(values()).filter((kind) -> kind.text.equals(text)).findFirst().orElseThrow();
	}

}
