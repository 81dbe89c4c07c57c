package dev.realtime.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.relay.kafka}: the relay over Kafka.
 *
 * @param bootstrapServers addresses of brokers, such as one:9092; not needed where
 * spring.kafka.* has them, which is not read when they are here
 * @param properties other properties of Kafka's clients, such as security.protocol and
 * acks; those that the relay depends on are not changed by them
 * @param topic name of the Kafka topic that the nodes share; fleets that share a cluster
 * need different ones
 * @param replicationFactor on how many brokers the topic is kept when a node makes it; 0
 * for the cluster's default
 * @param retention how long Kafka keeps messages when a node makes the topic
 * @param timeout longest time to connect, and until Kafka answers
 * @param pending how many bytes may wait for Kafka's acknowledgement; more are not
 * announced
 */
public record KafkaProperties(@Nullable List<String> bootstrapServers, @DefaultValue Map<String, String> properties,
		@DefaultValue("rt.relay") String topic, @DefaultValue("0") int replicationFactor,
		@DefaultValue("10m") Duration retention, @DefaultValue("2s") Duration timeout,
		@DefaultValue("64MB") DataSize pending) {

	private static final String PREFIX = "realtime.relay.kafka.";

	public KafkaProperties {
		bootstrapServers = (bootstrapServers != null) ? List.copyOf(bootstrapServers) : null;
		properties = Map.copyOf(properties);
		PropertyBounds.check(bootstrapServers == null || !bootstrapServers.isEmpty(), PREFIX + "bootstrap-servers",
				null, "must name a broker");
		PropertyBounds.check(topic.matches("[A-Za-z0-9_.-]{1,249}") && !topic.matches("\\.{1,2}"), PREFIX + "topic",
				topic, "must be 1 to 249 characters of A-Z a-z 0-9 _ . -");
		PropertyBounds.range(PREFIX + "replication-factor", replicationFactor, 0, 100);
		PropertyBounds.atLeast(PREFIX + "retention", retention, Duration.ofMinutes(1), "must be 1m or more");
		PropertyBounds.check(timeout.toMillis() >= 500 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
				PREFIX + "timeout", PropertyBounds.text(timeout), "must be 500ms to 1m");
		PropertyBounds.size(PREFIX + "pending", pending, 1_048_576);
	}

	/** Without the properties, which may have secrets. */
	@Override
	public String toString() {
		return "KafkaProperties[topic=" + this.topic + ']';
	}

}
