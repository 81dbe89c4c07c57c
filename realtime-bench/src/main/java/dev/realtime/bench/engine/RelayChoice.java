package dev.realtime.bench.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An engine that the command line asks for: {@code nats}, or {@code nats@HOST:PORT} for
 * one that runs already.
 *
 * @param address where it listens; null for one that is started, or for its usual address
 */
public record RelayChoice(RelayKind kind, @Nullable String address) {

	/**
	 * Parses one.
	 * @throws IllegalArgumentException when it is none, saying why
	 */
	public static RelayChoice of(String text) {
		int at = text.indexOf('@');
		RelayKind kind = RelayKind.of((at < 0) ? text : text.substring(0, at));
		RelayChoice choice = new RelayChoice(kind, (at < 0) ? null : text.substring(at + 1));
		choice.check();
		return choice;
	}

	/**
	 * Parses several, or {@code all}.
	 * @throws IllegalArgumentException when one is wrong or named twice
	 */
	public static List<RelayChoice> list(String text) {
		String all = text.equals("all") ? String.join(",", RelayKind.names()) : text;
		List<RelayChoice> choices = new ArrayList<>();
		for (String each : all.split(",", -1)) {
			choices.add(of(each));
		}
		if (new HashSet<>(choices.stream().map(RelayChoice::kind).toList()).size() < choices.size()) {
			throw new IllegalArgumentException("--relay names an engine twice: " + text);
		}
		return List.copyOf(choices);
	}

	/**
	 * The Spring properties of a node.
	 * @param redis where Redis keeps the topics, HOST:PORT, if the engine only carries
	 * messages
	 */
	public List<String> properties(String redis) {
		String at = (this.address != null) ? this.address : this.kind.address();
		List<String> properties = new ArrayList<>();
		switch (this.kind) {
			case REDIS -> properties.addAll(redis(at));
			case REDIS_PARTITIONS -> {
				properties.addAll(redis(at));
				properties.add("--realtime.relay.subscriptions=partitions");
			}
			case CLUSTER -> {
				properties.add("--realtime.broker=redis");
				properties.add("--spring.data.redis.cluster.nodes=" + at);
			}
			case NATS -> {
				properties.addAll(redis(redis));
				properties.add("--realtime.relay.type=nats");
				properties.add("--realtime.relay.nats.servers=nats://" + at);
			}
			case RABBIT -> {
				properties.addAll(redis(redis));
				properties.add("--realtime.relay.type=rabbit");
				properties.add("--realtime.relay.rabbit.uri=" + at);
			}
			case KAFKA -> {
				properties.addAll(redis(redis));
				properties.add("--realtime.relay.type=kafka");
				properties.add("--spring.kafka.bootstrap-servers=" + at);
				// One that has just started is slow to make a topic with all partitions.
				properties.add("--realtime.relay.kafka.timeout=20s");
			}
			case POSTGRES -> {
				properties.add("--realtime.broker=jdbc");
				properties.add("--realtime.jdbc.initialize-schema=always");
				properties.add("--spring.datasource.url=" + at);
			}
		}
		return properties;
	}

	/** Whether a node needs a data source. */
	public boolean isDatabase() {
		return this.kind == RelayKind.POSTGRES;
	}

	/** The properties of a node that keeps its topics in this Redis. */
	public static List<String> redis(String address) {
		int colon = address.lastIndexOf(':');
		if (colon < 0) {
			throw new IllegalArgumentException("--redis must be HOST:PORT, not " + address);
		}
		return List.of("--realtime.broker=redis", "--spring.data.redis.host=" + address.substring(0, colon),
				"--spring.data.redis.port=" + address.substring(colon + 1));
	}

	private void check() {
		if (this.address == null) {
			return;
		}
		String form = switch (this.kind) {
			case REDIS, REDIS_PARTITIONS, CLUSTER, NATS, KAFKA ->
				this.address.matches("[^:/@]+:\\d+") ? "" : "HOST:PORT";
			case RABBIT -> this.address.matches("amqps?://.+") ? "" : "amqp://USER:PASSWORD@HOST:PORT";
			case POSTGRES -> this.address.startsWith("jdbc:postgresql:") ? "" : "jdbc:postgresql://HOST/DATABASE";
		};
		if (!form.isEmpty()) {
			throw new IllegalArgumentException("--relay=" + this.kind.text() + '@' + form + " is how the address of "
					+ this.kind.text() + " is written, not \"" + this.address + '"');
		}
	}

}
