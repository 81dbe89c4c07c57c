package dev.realtime.relay.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The properties of Kafka's three clients: what suits a relay, then what the application
 * has set, then what the relay depends on.
 */
final class ClientProperties {

	/** What one answer may bring of a partition; a larger record comes alone. */
	private static final int PARTITION_FETCH_BYTES = 1 << 20;

	private static final int FETCH_BYTES = 16 << 20;

	private static final int LONGEST_FETCH_WAIT = 500;

	/** Above the largest message; a Kafka topic has a limit of its own. */
	static final int LARGEST_REQUEST = 20 << 20;

	/** Makes each client's id different in one JVM, as Kafka's metrics need it. */
	private static final AtomicInteger COUNT = new AtomicInteger();

	/** What would make a consumer or producer another one than the relay needs. */
	private static final List<String> NEVER = List.of(ConsumerConfig.GROUP_ID_CONFIG,
			ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
			ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
			ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
			ProducerConfig.TRANSACTIONAL_ID_CONFIG, ProducerConfig.PARTITIONER_CLASS_CONFIG);

	private static final Set<String> PRODUCER = ProducerConfig.configNames();

	private static final Set<String> CONSUMER = ConsumerConfig.configNames();

	private static final Set<String> ADMIN = AdminClientConfig.configNames();

	private final KafkaRelayOptions options;

	ClientProperties(KafkaRelayOptions options) {
		this.options = options;
	}

	/** Which protocol the application has chosen. */
	String protocol() {
		return this.options.properties()
			.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
	}

	Map<String, Object> admin() {
		return of(ADMIN, Map.of(),
				Map.of(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, this.options.timeoutMillis()));
	}

	/** An acknowledgement comes within the timeout, or the announcement has failed. */
	Map<String, Object> producer() {
		int linger = linger();
		return of(PRODUCER, Map.of(ProducerConfig.LINGER_MS_CONFIG, linger), Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG,
				this.options.timeoutMillis(), ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
				this.options.timeoutMillis() + linger, ProducerConfig.BUFFER_MEMORY_CONFIG, this.options.pendingBytes(),
				ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) Math.min(LARGEST_REQUEST, this.options.pendingBytes())));
	}

	/** Reads from where it is told to, and says so when it cannot. */
	Map<String, Object> consumer() {
		return of(CONSUMER,
				Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES,
						ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES),
				Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
						ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1,
						ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
						Math.min(LONGEST_FETCH_WAIT, this.options.timeoutMillis() / 2),
						CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, this.options.timeoutMillis()));
	}

	private Map<String, Object> of(Set<String> names, Map<String, Object> suits, Map<String, Object> needed) {
		Map<String, Object> all = new HashMap<>(suits);
		all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "realtime-relay-" + COUNT.incrementAndGet());
		all.put("enable.metrics.push", false);
		this.options.properties().forEach((name, value) -> {
			// others are those of plugins, such as a login module
			boolean known = Stream.of(PRODUCER, CONSUMER, ADMIN).anyMatch((each) -> each.contains(name));
			if (names.contains(name) || !known) {
				all.put(name, value);
			}
		});
		NEVER.forEach(all::remove);
		all.putAll(needed);
		all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, this.options.bootstrapServers());
		all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, this.options.timeoutMillis());
		all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, (long) this.options.timeoutMillis());
		all.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, (long) this.options.timeoutMillis());
		return all;
	}

	private int linger() {
		try {
			return Math.max(0,
					Integer.parseInt(this.options.properties().getOrDefault(ProducerConfig.LINGER_MS_CONFIG, "0")));
		}
		catch (NumberFormatException ex) {
			// the client refuses it with a sentence of its own
			return 0;
		}
	}

}
