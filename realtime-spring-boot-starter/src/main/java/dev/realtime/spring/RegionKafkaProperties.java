package dev.realtime.spring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.partition.Partitions;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.regions.kafka}: the bridge between regions.
 *
 * @param bootstrapServers addresses of brokers, such as one:9092; not needed where
 * spring.kafka.* has them, which is not read when they are here
 * @param properties other properties of Kafka's clients, such as security.protocol; those
 * that the bridge depends on are not changed by them
 * @param topicPrefix what the names of the regions' Kafka topics begin with; the same in
 * all regions
 * @param partitions how many partitions the Kafka topics of a region get when a node
 * makes them, which is also how many nodes of a region share the work at most
 * @param replicationFactor on how many brokers the topics are kept when a node makes
 * them; 0 for the cluster's default
 * @param retention how long Kafka keeps what it carries when a node makes the topics
 * @param timeout longest time until Kafka answers
 * @param pending how many bytes may wait for Kafka's acknowledgement
 */
public record RegionKafkaProperties(@Nullable List<String> bootstrapServers,
		@DefaultValue Map<String, String> properties, @DefaultValue("rt.region") String topicPrefix,
		@DefaultValue("16") int partitions, @DefaultValue("0") int replicationFactor,
		@DefaultValue("1h") Duration retention, @DefaultValue("2s") Duration timeout,
		@DefaultValue("64MB") DataSize pending) {

	private static final String PREFIX = "realtime.regions.kafka.";

	public RegionKafkaProperties {
		bootstrapServers = (bootstrapServers != null) ? List.copyOf(bootstrapServers) : null;
		properties = Map.copyOf(properties);
		PropertyBounds.check(bootstrapServers == null || !bootstrapServers.isEmpty(), PREFIX + "bootstrap-servers",
				null, "must name a broker");
		PropertyBounds.check(topicPrefix.matches("[A-Za-z0-9_.-]{1,150}"), PREFIX + "topic-prefix", topicPrefix,
				"must be 1 to 150 characters of A-Z a-z 0-9 _ . -");
		PropertyBounds.range(PREFIX + "partitions", partitions, 1, Partitions.MOST);
		PropertyBounds.range(PREFIX + "replication-factor", replicationFactor, 0, 100);
		PropertyBounds.atLeast(PREFIX + "retention", retention, Duration.ofMinutes(1), "must be 1m or more");
		PropertyBounds.check(timeout.toMillis() >= 500 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
				PREFIX + "timeout", PropertyBounds.text(timeout), "must be 500ms to 1m");
		PropertyBounds.size(PREFIX + "pending", pending, 1_048_576);
	}

	/** Spring's properties, unless the bridge has addresses of its own. */
	KafkaRelayOptions options(SpringKafka spring) {
		boolean own = this.bootstrapServers != null;
		String servers = (this.bootstrapServers != null) ? String.join(",", this.bootstrapServers)
				: spring.bootstrapServers();
		Map<String, String> all = new HashMap<>(own ? Map.of() : spring.properties());
		all.putAll(this.properties);
		return new KafkaRelayOptions(servers, all, this.topicPrefix, new Partitions(this.partitions),
				this.replicationFactor, this.retention, this.timeout, this.pending.toBytes());
	}

	/** Without the properties, which may have secrets. */
	@Override
	public String toString() {
		return "RegionKafkaProperties[topicPrefix=" + this.topicPrefix + ']';
	}

}
