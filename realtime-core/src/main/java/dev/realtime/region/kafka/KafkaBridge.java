package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.codec.MessageCodec;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.region.Bridge;
import dev.realtime.region.BridgeException;
import dev.realtime.relay.kafka.KafkaClients;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridge over one Kafka that all regions reach. A region R has the Kafka topics
 * {@code PREFIX.R}, which R writes and the nodes of each other region read as one
 * consumer group; {@code PREFIX.R.asks}, which the others write and R's nodes read as one
 * group; and {@code PREFIX.R.answers}, which the others write and every node of R reads.
 * The first node makes what is not there. A share is a partition.
 * <p>
 * Who may write these Kafka topics may publish on topics of all regions: what is read is
 * trusted, and Kafka's own security (TLS, SASL, ACLs) protects it.
 */
public final class KafkaBridge implements Bridge {

	private static final Logger logger = LoggerFactory.getLogger(KafkaBridge.class);

	/**
	 * What may come with the payload in one letter: headers, other messages of a page.
	 */
	private static final int ENVELOPE = 512 << 10;

	private static final Duration CLOSE = Duration.ofMillis(500);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final String own;

	private final Set<String> others;

	private final KafkaRelayOptions options;

	private final Loops loops;

	private final KafkaClients clients;

	private final BridgeTopics topics;

	private final Loop loop;

	private final Sender sender;

	private final LogThrottle failures;

	private final Map<String, Integer> counts = new HashMap<>();

	private volatile Map<String, Integer> shares = Map.of();

	private volatile @Nullable LetterReader told;

	private volatile @Nullable LetterReader asks;

	private volatile @Nullable LetterReader answers;

	private volatile boolean closing;

	/**
	 * A bridge that does not connect before it is started.
	 * @param options the brokers; the topic's name is the prefix, and the partitions are
	 * those of the Kafka topics that this node makes
	 * @param largestPayload of a message, in bytes
	 * @throws IllegalArgumentException when the pending bytes hold no such message
	 */
	public KafkaBridge(String own, Set<String> others, KafkaRelayOptions options, long largestPayload, Loops loops) {
		if (options.pendingBytes() < largest(largestPayload)) {
			throw new IllegalArgumentException("The bytes that may wait for Kafka must be " + largest(largestPayload)
					+ " or more, so that the largest message fits");
		}
		this.own = own;
		this.others = Set.copyOf(others);
		this.options = options;
		this.loops = loops;
		this.failures = new LogThrottle(loops.environment());
		this.clients = new KafkaClients(options);
		this.topics = new BridgeTopics(options, largest(largestPayload), loops.environment());
		this.loop = loops.loop("realtime-bridge");
		this.sender = new Sender(this.loop, options, this::producer);
	}

	@Override
	public void start(Receiver receiver, boolean copying) {
		this.loop.execute(() -> open(receiver, copying));
	}

	@Override
	public CompletionStage<Void> tell(int slot, byte[] letter) {
		return send(this.own, this.topics.told(this.own), slot, letter);
	}

	@Override
	public CompletionStage<Void> ask(String home, int slot, byte[] letter) {
		return send(home, this.topics.asks(home), slot, letter);
	}

	@Override
	public CompletionStage<Void> answer(String region, byte[] letter) {
		if (!this.others.contains(region)) {
			return CompletableFuture.failedFuture(new BridgeException("there is no region " + region, false, null));
		}
		return this.sender.send(this.topics.answers(region), 0, letter);
	}

	@Override
	public int shares() {
		return this.shares.getOrDefault(this.own, 0);
	}

	@Override
	public Set<Integer> answering() {
		LetterReader reader = this.asks;
		return (reader != null) ? partitions(reader, this.topics.asks(this.own)) : Set.of();
	}

	@Override
	public Set<Integer> copying(String home) {
		LetterReader reader = this.told;
		return (reader != null) ? partitions(reader, this.topics.told(home)) : Set.of();
	}

	@Override
	public long lag(String home) {
		LetterReader reader = this.told;
		return (reader != null) ? reader.lag(this.topics.told(home)) : 0;
	}

	@Override
	public void close() {
		this.closing = true;
		List<LetterReader> readers = Stream.of(this.told, this.asks, this.answers).filter(Objects::nonNull).toList();
		readers.forEach(LetterReader::stop);
		readers.forEach(LetterReader::close);
		this.loop.close();
		this.sender.close(CLOSE);
	}

	/**
	 * Returns how many bytes the largest letter takes: a page that ends with a message of
	 * the largest payload.
	 * @param payload in bytes
	 */
	public static int largest(long payload) {
		return (int) Math.min(payload + ENVELOPE, MessageCodec.MAX_BLOB) + ENVELOPE;
	}

	private static Set<Integer> partitions(LetterReader reader, String topic) {
		return reader.assigned()
			.stream()
			.filter((each) -> each.topic().equals(topic))
			.map(TopicPartition::partition)
			.collect(Collectors.toCollection(HashSet::new));
	}

	private CompletionStage<Void> send(String region, String topic, int slot, byte[] letter) {
		int count = this.shares.getOrDefault(region, 0);
		if (count == 0) {
			return CompletableFuture.failedFuture(new BridgeException("Kafka is not connected", false, null));
		}
		return this.sender.send(topic, slot % count, letter);
	}

	/** On the loop, until it succeeds. */
	private void open(Receiver receiver, boolean copying) {
		if (this.closing) {
			return;
		}
		try (Admin admin = Admin.create(this.clients.admin())) {
			this.counts.put(this.own, this.topics.ensure(admin, this.own));
			for (String each : this.others) {
				this.counts.put(each, this.topics.ensure(admin, each));
			}
			this.sender.open();
		}
		catch (Throwable ex) {
			if (this.failures.add() > 0) {
				Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
				logger.warn("The bridge between regions cannot connect to Kafka at {}, and tries again: {}",
						this.options.bootstrapServers(), cause.toString());
			}
			this.loop.after(AGAIN, () -> open(receiver, copying));
			return;
		}
		if (this.closing) {
			return;
		}
		this.shares = Map.copyOf(this.counts);
		read(receiver, copying);
	}

	private void read(Receiver receiver, boolean copying) {
		LetterReader first = new LetterReader("answers", this.loops.loop("realtime-bridge-answers"),
				() -> consumer(null), List.of(this.topics.answers(this.own)), false, (from, letters) -> {
					letters.forEach(receiver::answered);
					return CompletableFuture.completedFuture(null);
				});
		this.answers = first;
		first.start();
		if (!copying) {
			return;
		}
		Map<String, String> homes = this.others.stream().collect(Collectors.toMap(this.topics::told, (each) -> each));
		LetterReader second = new LetterReader("messages", this.loops.loop("realtime-bridge-messages"),
				() -> consumer("copy"), homes.keySet(), true, new LetterReader.Handler() {

					@Override
					public CompletionStage<?> handle(TopicPartition from, List<byte[]> letters) {
						return receiver.told(homes.getOrDefault(from.topic(), ""), letters);
					}

					@Override
					public void assigned(TopicPartition partition) {
						receiver.copies(homes.getOrDefault(partition.topic(), ""), partition.partition());
					}

				});
		this.told = second;
		second.start();
		LetterReader third = new LetterReader("requests", this.loops.loop("realtime-bridge-requests"),
				() -> consumer("asks"), List.of(this.topics.asks(this.own)), true,
				(from, letters) -> receiver.asked(from.partition(), letters));
		this.asks = third;
		third.start();
	}

	private Producer<byte[], byte[]> producer() {
		return new KafkaProducer<>(this.clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
	}

	/** In the region's group for a purpose, or in none. */
	private Consumer<byte[], byte[]> consumer(@Nullable String purpose) {
		Map<String, Object> all = new HashMap<>(this.clients.consumer());
		if (purpose == null) {
			all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
		}
		else {
			all.put(ConsumerConfig.GROUP_ID_CONFIG, this.topics.told(this.own) + '.' + purpose);
			all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
			all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
			all.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
			all.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
		}
		return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
	}

}
