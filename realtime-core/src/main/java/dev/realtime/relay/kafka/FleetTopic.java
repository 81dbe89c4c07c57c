package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import dev.realtime.loop.Environment;
import dev.realtime.relay.RelayUnavailableException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The Kafka topic that the nodes share: looks whether it fits, or makes it. */
final class FleetTopic {

	/**
	 * So that what is older than the retention can be deleted; above the largest record.
	 */
	private static final int SEGMENT_BYTES = 32 << 20;

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final KafkaRelayOptions options;

	private final Environment environment;

	FleetTopic(KafkaRelayOptions options, Environment environment) {
		this.environment = environment;
		this.options = options;
	}

	List<TopicPartition> partitions() {
		return IntStream.range(0, this.options.partitions().count())
			.mapToObj((each) -> new TopicPartition(this.options.topic(), each))
			.toList();
	}

	/**
	 * Makes it unless it is there; blocks.
	 * @throws RelayUnavailableException when it does not fit, or cannot be made
	 * @throws ExecutionException with what Kafka answered
	 */
	void ensure(Admin admin) throws Exception {
		TopicDescription found = describe(admin);
		if (found == null) {
			create(admin);
		}
		else {
			check(found);
		}
	}

	private void check(TopicDescription found) {
		int count = found.partitions().size();
		if (count != this.options.partitions().count()) {
			throw new RelayUnavailableException(
					"the Kafka topic \"" + this.options.topic() + "\" has " + count + " partitions, and this node has "
							+ this.options.partitions().count() + " (realtime.redis.partitions); they must be equal",
					null);
		}
	}

	/** Returns null if it is not there. */
	private @Nullable TopicDescription describe(Admin admin) throws Exception {
		try {
			return get(admin.describeTopics(List.of(this.options.topic())).topicNameValues().get(this.options.topic()));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof UnknownTopicOrPartitionException) {
				return null;
			}
			throw ex;
		}
	}

	private void create(Admin admin) throws Exception {
		Optional<Short> replicas = (this.options.replicationFactor() > 0)
				? Optional.of((short) this.options.replicationFactor()) : Optional.empty();
		String retention = Long.toString(this.options.retention().toMillis());
		NewTopic topic = new NewTopic(this.options.topic(), Optional.of(this.options.partitions().count()), replicas)
			.configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
					TopicConfig.RETENTION_MS_CONFIG, retention, TopicConfig.SEGMENT_MS_CONFIG, retention,
					TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES),
					TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(ClientProperties.LARGEST_REQUEST)));
		try {
			get(admin.createTopics(List.of(topic)).all());
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			if (cause == null || cause instanceof AuthenticationException || cause instanceof RetriableException) {
				throw ex;
			}
			if (!(cause instanceof TopicExistsException)) {
				throw new RelayUnavailableException("the Kafka topic \"" + this.options.topic() + "\" with "
						+ this.options.partitions().count()
						+ " partitions does not exist and cannot be created by this node: " + cause.getMessage(), ex);
			}
		}
		awaitLeaders(admin);
	}

	/** A new topic is not known to all brokers at once. */
	private void awaitLeaders(Admin admin) throws Exception {
		long deadline = this.environment.nanoTime() + this.options.timeout().toNanos();
		TopicDescription found = describe(admin);
		while (found == null || found.partitions().stream().anyMatch((each) -> each.leader() == null)) {
			if (this.environment.nanoTime() - deadline > 0) {
				throw new RelayUnavailableException("the Kafka topic \"" + this.options.topic()
						+ "\" was created, but not all of its partitions have a leader yet", null);
			}
			this.environment.pause(PAUSE);
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			found = describe(admin);
		}
		check(found);
	}

	private <T> T get(@Nullable KafkaFuture<T> answer) throws Exception {
		if (answer == null) {
			throw new IllegalStateException("Kafka's client did not send the request");
		}
		return this.environment.await(answer, Duration.ofMillis(2L * this.options.timeoutMillis()));
	}

}
