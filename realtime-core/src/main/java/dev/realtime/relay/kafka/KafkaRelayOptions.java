package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.Map;

import dev.realtime.partition.Partitions;

/**
 * How to connect to Kafka, and what to bound.
 *
 * @param bootstrapServers addresses such as {@code host:9092}, with commas between them
 * @param properties other properties of Kafka's clients, such as
 * {@code security.protocol}; those that the relay depends on are not changed by them
 * @param topic name of the Kafka topic that the nodes share
 * @param partitions those of the fleet; the Kafka topic has as many
 * @param replicationFactor on how many brokers the topic is kept when this node makes it;
 * 0 for the cluster's default
 * @param retention how long Kafka keeps records when this node makes the topic
 * @param timeout how long connecting, an acknowledgement and each other answer may take;
 * 500 ms or more
 * @param pendingBytes how many bytes may wait for an acknowledgement; more are refused
 */
public record KafkaRelayOptions(String bootstrapServers, Map<String, String> properties, String topic,
		Partitions partitions, int replicationFactor, Duration retention, Duration timeout, long pendingBytes) {

	/** Copies the map. */
	public KafkaRelayOptions {
		properties = Map.copyOf(properties);
	}

	/**
	 * Returns options for brokers: the cluster's replication factor, 10 minutes, 2 s, 64
	 * MB.
	 */
	public static KafkaRelayOptions of(String bootstrapServers, String topic, Partitions partitions) {
		return new KafkaRelayOptions(bootstrapServers, Map.of(), topic, partitions, 0, Duration.ofMinutes(10),
				Duration.ofSeconds(2), 64 << 20);
	}

	/** Without the properties, which may have secrets. */
	@Override
	public String toString() {
		return "KafkaRelayOptions[" + this.bootstrapServers + ", topic=" + this.topic + ']';
	}

	int timeoutMillis() {
		return (int) this.timeout.toMillis();
	}

}
