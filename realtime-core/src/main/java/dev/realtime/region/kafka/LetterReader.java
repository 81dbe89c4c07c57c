package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads letters on a thread of its own: as a member of a group, or everything from now
 * on. What came together is handed over; when that is handled it is confirmed and more is
 * read, and when it fails it is read again. A consumer that fails is made anew.
 */
final class LetterReader {

	private static final Logger logger = LoggerFactory.getLogger(LetterReader.class);

	/** In place of a record without a value; no letter. */
	private static final byte[] NOTHING = {};

	private static final Duration POLL = Duration.ofMillis(200);

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final Duration CLOSE = Duration.ofMillis(500);

	private static final Duration HANDLED = Duration.ofSeconds(20);

	private final String name;

	private final Loop loop;

	private final Supplier<Consumer<byte[], byte[]>> consumers;

	private final Collection<String> topics;

	/** Whether it shares the partitions with the other nodes of the region. */
	private final boolean grouped;

	private final Handler handler;

	private final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();

	private final Map<TopicPartition, Long> lags = new ConcurrentHashMap<>();

	private final LogThrottle failures;

	private volatile @Nullable Consumer<byte[], byte[]> consumer;

	private volatile boolean closing;

	LetterReader(String name, Loop loop, Supplier<Consumer<byte[], byte[]>> consumers, Collection<String> topics,
			boolean grouped, Handler handler) {
		this.name = name;
		this.loop = loop;
		this.failures = new LogThrottle(loop.environment());
		this.consumers = consumers;
		this.topics = List.copyOf(topics);
		this.grouped = grouped;
		this.handler = handler;
	}

	void start() {
		this.loop.execute(this::turn);
	}

	/** The partitions that this node has now. */
	Set<TopicPartition> assigned() {
		return Set.copyOf(this.assigned);
	}

	/** How many letters of a Kafka topic wait in this node's partitions. */
	long lag(String topic) {
		return this.lags.entrySet()
			.stream()
			.filter((each) -> each.getKey().topic().equals(topic))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	/** Returns at once; what is being handled is not confirmed. */
	void stop() {
		this.closing = true;
		Consumer<byte[], byte[]> known = this.consumer;
		if (known != null) {
			known.wakeup();
		}
		this.loop.execute(this::end);
	}

	/** Waits for the end, 1 s at most. */
	void close() {
		boolean unused = this.loop.close(Duration.ofSeconds(1));
	}

	private void turn() {
		if (this.closing) {
			return;
		}
		boolean again = false;
		try {
			again = read((this.consumer != null) ? this.consumer : open());
		}
		catch (WakeupException ex) {
			logger.trace("The bridge is closing", ex);
		}
		catch (Throwable ex) {
			long times = this.failures.add();
			if (times > 0) {
				logger.warn("The bridge between regions cannot read {} from Kafka, and tries again: {}", this.name,
						ex.toString());
			}
			if (ex instanceof Error error) {
				this.loop.failed(error);
			}
			end();
		}
		finally {
			next(again);
		}
	}

	private void next(boolean atOnce) {
		if (atOnce) {
			this.loop.execute(this::turn);
		}
		else if (!this.closing) {
			this.loop.after(PAUSE, this::turn);
		}
	}

	private Consumer<byte[], byte[]> open() {
		Consumer<byte[], byte[]> made = this.consumers.get();
		this.consumer = made;
		if (this.grouped) {
			made.subscribe(this.topics, new Shares());
		}
		else {
			List<TopicPartition> all = this.topics.stream().map((topic) -> new TopicPartition(topic, 0)).toList();
			made.assign(all);
			made.seekToEnd(all);
		}
		return made;
	}

	/** Returns false when what was read is to be read again, a little later. */
	private boolean read(Consumer<byte[], byte[]> from) throws InterruptedException {
		ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
		for (TopicPartition each : from.assignment()) {
			this.lags.put(each, from.currentLag(each).orElse(0));
		}
		if (records.isEmpty()) {
			return true;
		}
		if (!handled(records)) {
			records.partitions().forEach((each) -> from.seek(each, records.records(each).get(0).offset()));
			return false;
		}
		if (this.grouped) {
			confirm(from, records);
		}
		return true;
	}

	private boolean handled(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
		try {
			List<CompletableFuture<?>> stages = new ArrayList<>();
			for (String topic : this.topics) {
				for (TopicPartition each : records.partitions()) {
					if (each.topic().equals(topic)) {
						List<byte[]> letters = records.records(each).stream().map(LetterReader::letter).toList();
						stages.add(this.handler.handle(each, letters).toCompletableFuture());
					}
				}
			}
			Void unused = this.loop.environment()
				.await(CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)), HANDLED);
			return true;
		}
		catch (ExecutionException | TimeoutException ex) {
			if (this.failures.add() > 0) {
				logger.warn("Messages from the bridge between regions cannot be stored, and are read again: {}",
						String.valueOf((ex.getCause() != null) ? ex.getCause() : ex));
			}
			return false;
		}
	}

	private static byte[] letter(ConsumerRecord<byte[], byte[]> record) {
		byte[] value = record.value();
		return (value != null) ? value : NOTHING;
	}

	/** What is not confirmed comes again, perhaps to another node. */
	private void confirm(Consumer<byte[], byte[]> from, ConsumerRecords<byte[], byte[]> records) {
		Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
		records.partitions().forEach((each) -> {
			List<ConsumerRecord<byte[], byte[]>> some = records.records(each);
			next.put(each, new OffsetAndMetadata(some.get(some.size() - 1).offset() + 1));
		});
		from.commitAsync(next, (offsets, failure) -> {
			if (failure != null) {
				logger.debug("The offsets could not be committed to Kafka", failure);
			}
		});
	}

	/** On the loop's thread. */
	private void end() {
		Consumer<byte[], byte[]> known = this.consumer;
		this.consumer = null;
		this.assigned.clear();
		this.lags.clear();
		if (known != null) {
			try {
				known.close(CLOSE);
			}
			catch (RuntimeException ex) {
				logger.debug("A consumer did not close", ex);
			}
		}
	}

	/** Gets letters of one partition; a stage that fails lets them come again. */
	interface Handler {

		CompletionStage<?> handle(TopicPartition from, List<byte[]> letters);

		/** This node has the partition from now on. */
		default void assigned(TopicPartition partition) {
		}

	}

	private final class Shares implements ConsumerRebalanceListener {

		@Override
		public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
			LetterReader.this.assigned.addAll(partitions);
			partitions.forEach((each) -> {
				boolean unused = LetterReader.this.loop.contain(() -> LetterReader.this.handler.assigned(each));
			});
		}

		@Override
		public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
			LetterReader.this.assigned.removeAll(partitions);
			partitions.forEach(LetterReader.this.lags::remove);
		}

	}

}
