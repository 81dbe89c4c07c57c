package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

import dev.realtime.loop.Environment;
import dev.realtime.region.BridgeException;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The Kafka topics of the regions: their names, and how they are made. */
final class BridgeTopics {

	/** Above the largest message of a topic. */
	private static final int LARGEST = 20 << 20;

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final KafkaRelayOptions options;

	/** What the largest letter needs. */
	private final int needed;

	private final Environment environment;

	BridgeTopics(KafkaRelayOptions options, int needed, Environment environment) {
		this.needed = needed;
		this.environment = environment;
		this.options = options;
	}

	/** What a region tells all others. */
	String told(String region) {
		return this.options.topic() + '.' + region;
	}

	/** What a region is asked. */
	String asks(String region) {
		return told(region) + ".asks";
	}

	/** What a region is answered. */
	String answers(String region) {
		return told(region) + ".answers";
	}

	/**
	 * Makes what is not there; blocks.
	 * @return how many partitions the region's topics have
	 */
	int ensure(Admin admin, String region) throws Exception {
		int shares = ensure(admin, told(region), this.options.partitions().count());
		int asks = ensure(admin, asks(region), shares);
		int unused = ensure(admin, answers(region), 1);
		if (asks != shares) {
			throw new BridgeException(
					"the Kafka topics \"" + told(region) + "\" and \"" + asks(region)
							+ "\" must have the same number of partitions, but have " + shares + " and " + asks,
					false, null);
		}
		return shares;
	}

	private int ensure(Admin admin, String name, int partitions) throws Exception {
		int found = partitions(admin, name);
		if (found > 0) {
			checkSize(admin, name);
			return found;
		}
		Optional<Short> replicas = (this.options.replicationFactor() > 0)
				? Optional.of((short) this.options.replicationFactor()) : Optional.empty();
		NewTopic topic = new NewTopic(name, Optional.of(partitions), replicas)
			.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
					TopicConfig.RETENTION_MS_CONFIG, Long.toString(this.options.retention().toMillis()),
					TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST)));
		try {
			get(admin.createTopics(List.of(topic)).all());
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof TopicExistsException)) {
				throw ex;
			}
		}
		return made(admin, name);
	}

	/** A new topic is not known to all brokers at once. */
	private int made(Admin admin, String name) throws Exception {
		long end = this.environment.nanoTime() + this.options.timeout().toNanos();
		int made = partitions(admin, name);
		while (made == 0) {
			if (this.environment.nanoTime() - end > 0) {
				throw new BridgeException("the Kafka topic \"" + name + "\" was created but is not visible yet", false,
						null);
			}
			this.environment.pause(PAUSE);
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			made = partitions(admin, name);
		}
		return made;
	}

	/**
	 * A message that does not fit would not reach other regions, and nothing would say
	 * so. Users who may not read the configuration are told when a letter is refused.
	 */
	private void checkSize(Admin admin, String name) throws Exception {
		ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
		try {
			Config found = get(admin.describeConfigs(List.of(topic)).all()).get(topic);
			ConfigEntry entry = (found != null) ? found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG) : null;
			long most = (entry != null && entry.value() != null) ? Long.parseLong(entry.value()) : this.needed;
			if (most < this.needed) {
				throw new BridgeException("max.message.bytes of the Kafka topic \"" + name + "\" is " + most
						+ ", and the largest message that may be published (realtime.publish.max-payload) needs "
						+ this.needed + "; raise max.message.bytes", false, null);
			}
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof AuthorizationException)) {
				throw ex;
			}
		}
	}

	/** Returns 0 when it is not there. */
	private int partitions(Admin admin, String name) throws Exception {
		try {
			TopicDescription found = get(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
			return (found != null) ? found.partitions().size() : 0;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof UnknownTopicOrPartitionException) {
				return 0;
			}
			throw ex;
		}
	}

	private <T> T get(KafkaFuture<T> answer) throws Exception {
		return this.environment.await(answer, this.options.timeout().multipliedBy(2));
	}

}
