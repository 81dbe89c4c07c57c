package dev.realtime.bench.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The servers of one measurement: what keeps the topics, and what carries messages where
 * that is another one. Those that an address was given for are not started, and their
 * processor time is not known.
 */
public final class Engine implements AutoCloseable {

	private final RelayChoice choice;

	private final @Nullable Started store;

	private final @Nullable Started relay;

	private Engine(RelayChoice choice, @Nullable Started store, @Nullable Started relay) {
		this.choice = choice;
		this.store = store;
		this.relay = relay;
	}

	/**
	 * Starts what the choice needs; some seconds.
	 * @throws IllegalStateException when it does not come up
	 */
	public static Engine start(RelayChoice choice) {
		boolean given = choice.address() != null;
		return switch (choice.kind()) {
			case REDIS, REDIS_PARTITIONS -> alone(choice, given ? null : RedisServers.one());
			case CLUSTER -> alone(choice, given ? null : RedisServers.cluster(program("redis-cli")));
			case POSTGRES -> alone(choice, given ? null : PostgresqlProcess.start(program("initdb")));
			case NATS, RABBIT, KAFKA -> besideRedis(choice);
		};
	}

	/**
	 * Why the choice cannot be started here.
	 * @return an empty text if it can
	 */
	public static String missing(RelayChoice choice) {
		List<String> needed = (choice.address() == null) ? choice.kind().programs()
				: choice.kind().programs().stream().filter((name) -> isBeside(choice, name)).toList();
		List<String> missing = Program.missing(needed);
		return missing.isEmpty() ? ""
				: "there is no " + String.join(" and no ", missing) + " to start; install it"
						+ ((choice.address() == null)
								? ", or say where the engine is with --relay=" + choice.kind().text() + "@ADDRESS"
								: "");
	}

	/** Redis keeps the topics of engines that only carry messages. */
	private static boolean isBeside(RelayChoice choice, String program) {
		return program.equals("redis-server") && choice.kind().isBesideRedis();
	}

	private static Engine alone(RelayChoice choice, @Nullable Started store) {
		return new Engine(choice, store, null);
	}

	private static Engine besideRedis(RelayChoice choice) {
		Started redis = RedisServers.one();
		try {
			Started relay = null;
			if (choice.address() == null) {
				relay = switch (choice.kind()) {
					case NATS -> NatsProcess.start(program("nats-server"));
					case RABBIT -> RabbitProcess.start(program("rabbitmq-server"));
					default -> KafkaProcess.start(program("kafka-server-start.sh"));
				};
			}
			return new Engine(choice, redis, relay);
		}
		catch (RuntimeException ex) {
			redis.close();
			throw ex;
		}
	}

	private static Path program(String name) {
		return Program.find(name).orElseThrow(() -> new IllegalStateException("There is no " + name + " to start"));
	}

	/** The options of {@code server} for a node. */
	public String[] serverOptions() {
		Started named = (this.relay != null) ? this.relay : this.store;
		String address = (this.choice.address() != null || named == null) ? this.choice.address() : named.address();
		String relayOption = "--relay=" + this.choice.kind().text() + '@' + address;
		return (this.choice.kind().isBesideRedis() && this.store != null)
				? new String[] { relayOption, "--redis=" + this.store.address() } : new String[] { relayOption };
	}

	/** Adds the processor time used so far, in seconds, by the names of the columns. */
	public void cpuSeconds(Map<String, Double> values) {
		if (this.store != null) {
			values.put("store cores", this.store.cpuSeconds());
		}
		if (this.relay != null) {
			values.put("relay cores", this.relay.cpuSeconds());
		}
	}

	@Override
	public void close() {
		if (this.relay != null) {
			this.relay.close();
		}
		if (this.store != null) {
			this.store.close();
		}
	}

}
