package dev.realtime.spring;

import java.time.Duration;
import java.util.List;

import dev.realtime.partition.Partitions;
import dev.realtime.redis.Continuing;
import dev.realtime.redis.ShardListException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.redis}: the Redis broker.
 *
 * @param prefix what all keys and channels start with; fleets that share a Redis need
 * different ones
 * @param timeout longest time that a command may take before it counts as failed
 * @param numberingTtl how long the numbering of a silent topic is kept, at least as long
 * as any history; afterwards the topic begins a new epoch
 * @param partitions how many partitions the topics of the fleet are spread over; the same
 * on all nodes, and never changed while Redis has topics
 * @param failover what a restart or failover of Redis does to topics: new-epoch begins
 * new epochs, continue goes on in those that are provably whole; the same on all nodes
 * @param replicas how many replicas a master has; with continue all must confirm a
 * publication, and 0 is for a single server that writes everything to its disk
 * @param replicaTimeout how long a publication waits for the replicas; afterwards its
 * receipt says that it is not replicated
 * @param takeoverTimeout how long the nodes may take to compare a server that has taken
 * over; afterwards topics begin new epochs
 * @param connectionFactory name of the RedisConnectionFactory bean to use; not needed
 * where there is one, or a primary one
 * @param shards URIs of independent servers over which the partitions are spread; null
 * for the Redis of the connection factory
 * @param shardsGeneration one more with each change of the list of servers
 */
public record RedisProperties(@DefaultValue("rt") String prefix, @DefaultValue("2s") Duration timeout,
		@DefaultValue("30d") Duration numberingTtl, @DefaultValue("128") int partitions,
		@DefaultValue("new-epoch") Failover failover, @DefaultValue("1") int replicas,
		@DefaultValue("200ms") Duration replicaTimeout, @DefaultValue("20s") Duration takeoverTimeout,
		@Nullable String connectionFactory, @Nullable List<String> shards, @DefaultValue("1") int shardsGeneration) {

	public RedisProperties {
		PropertyBounds.check(prefix.matches("[A-Za-z0-9_.:-]{1,64}"), "realtime.redis.prefix", prefix,
				"must be 1 to 64 characters of A-Z a-z 0-9 _ . : -");
		PropertyBounds.check(partitions >= Partitions.FEWEST && partitions <= Partitions.MOST,
				"realtime.redis.partitions", partitions, "must be " + Partitions.FEWEST + " to " + Partitions.MOST);
		PropertyBounds.positive("realtime.redis.timeout", timeout);
		PropertyBounds.atLeast("realtime.redis.timeout", timeout, Duration.ofMillis(50), "must be 50ms to 1d");
		PropertyBounds.atLeast("realtime.redis.numbering-ttl", numberingTtl, Duration.ofMinutes(1),
				"must be 1m or more");
		PropertyBounds.range("realtime.redis.replicas", replicas, 0, Continuing.MOST_REPLICAS);
		between("realtime.redis.replica-timeout", replicaTimeout, Duration.ofMillis(1), Duration.ofSeconds(30),
				"must be 1ms to 30s");
		between("realtime.redis.takeover-timeout", takeoverTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10),
				"must be 1s to 10m");
		PropertyBounds.range(ShardListException.GENERATION, shardsGeneration, 1, Integer.MAX_VALUE);
		if (shards != null) {
			PropertyBounds.check(!shards.isEmpty(), ShardListException.SHARDS, "",
					"must name at least one server, or be left out");
			shards = List.copyOf(shards);
			PropertyBounds.check(connectionFactory == null, "realtime.redis.connection-factory", connectionFactory,
					"names one place for the topics and realtime.redis.shards others; remove one of the two");
			PropertyBounds.check(failover == Failover.NEW_EPOCH, "realtime.redis.failover", "continue",
					"cannot be combined with realtime.redis.shards; remove one of the two");
		}
	}

	private static void between(String property, Duration value, Duration min, Duration max, String why) {
		PropertyBounds.check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0, property,
				PropertyBounds.text(value), why);
	}

	/** How topics go on after a failover, or null when they begin new epochs. */
	@Nullable Continuing continuing() {
		return (this.failover == Failover.CONTINUE)
				? new Continuing(this.replicas, this.replicaTimeout, this.takeoverTimeout) : null;
	}

	/** What a restart or failover of Redis does to topics. */
	public enum Failover {

		/** Topics begin new epochs, and clients load their state again. */
		NEW_EPOCH,

		/** Topics go on if the server provably has everything that was shown. */
		CONTINUE;

		/** The word of the property. */
		String word() {
			return (this == CONTINUE) ? "continue" : "new-epoch";
		}

	}

	/** Leaves out the servers, whose URIs have passwords. */
	@Override
	public String toString() {
		return "RedisProperties[prefix=" + this.prefix + ", partitions=" + this.partitions + ", shards="
				+ ((this.shards != null) ? this.shards.size() : "none") + ']';
	}

}
