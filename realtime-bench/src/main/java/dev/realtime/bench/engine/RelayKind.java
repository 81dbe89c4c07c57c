package dev.realtime.bench.engine;

import java.util.Arrays;
import java.util.List;

/** What may keep messages and carry them between nodes. */
public enum RelayKind {

	/** One Redis, with a subscription for each topic. */
	REDIS("redis", "127.0.0.1:6379", "redis-server"),

	/** One Redis, with a subscription for each partition. */
	REDIS_PARTITIONS("redis-partitions", "127.0.0.1:6379", "redis-server"),

	/** A Redis Cluster: three masters, each with a replica. */
	CLUSTER("cluster", "127.0.0.1:7000", "redis-server redis-cli"),

	/** NATS beside one Redis, which keeps the topics. */
	NATS("nats", "127.0.0.1:4222", "redis-server nats-server"),

	/** RabbitMQ beside one Redis, which keeps the topics. */
	RABBIT("rabbit", "amqp://guest:guest@127.0.0.1:5672", "redis-server rabbitmq-server"),

	/** Kafka beside one Redis, which keeps the topics. */
	KAFKA("kafka", "127.0.0.1:9092", "redis-server kafka-server-start.sh"),

	/** PostgreSQL, which keeps everything. */
	POSTGRES("postgres", "jdbc:postgresql://127.0.0.1/postgres?user=postgres", "initdb pg_ctl");

	private final String text;

	private final String address;

	private final String programs;

	RelayKind(String text, String address, String programs) {
		this.text = text;
		this.address = address;
		this.programs = programs;
	}

	/** As it is asked for. */
	public String text() {
		return this.text;
	}

	/** Where the engine listens unless it is told otherwise. */
	String address() {
		return this.address;
	}

	/** What must be installed to start it. */
	List<String> programs() {
		return List.of(this.programs.split(" ", -1));
	}

	/** Whether it only carries messages: then a Redis keeps the topics. */
	boolean isBesideRedis() {
		return this == NATS || this == RABBIT || this == KAFKA;
	}

	/** The names of all. */
	public static List<String> names() {
		return Arrays.stream(values()).map(RelayKind::text).toList();
	}

	/**
	 * The one of this name.
	 * @throws IllegalArgumentException when there is none, naming those that there are
	 */
	static RelayKind of(String text) {
		return Arrays.stream(values())
			.filter((kind) -> kind.text.equals(text))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("--relay must be one of " + names()
					+ ", each with an address if you like, such as nats@" + NATS.address + ", not \"" + text + '"'));
	}

}
