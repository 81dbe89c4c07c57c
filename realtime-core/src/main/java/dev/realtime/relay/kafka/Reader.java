package dev.realtime.relay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelaySession;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions, on a thread of its own, which calls the listener. The consumer is
 * used by the thread that opens the session until {@link #start}, then by the reader's
 * alone; the other methods may be called by any thread.
 */
final class Reader {

	private static final Logger logger = LoggerFactory.getLogger(Reader.class);

	private static final Duration POLL = Duration.ofMillis(250);

	private static final Duration CLOSE = Duration.ofMillis(500);

	private final Consumer<byte[], byte[]> consumer;

	private final List<TopicPartition> partitions;

	private final Duration timeout;

	private final Incoming incoming;

	private final RelaySession.Events events;

	private final Loop thread;

	/** The offset of the next record, by partition. */
	private final AtomicLongArray positions;

	private final AtomicLong turns = new AtomicLong();

	private volatile boolean closing;

	private volatile boolean failed;

	Reader(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Duration timeout, Incoming incoming,
			RelaySession.Events events, Loop thread) {
		this.consumer = consumer;
		this.partitions = partitions;
		this.timeout = timeout;
		this.incoming = incoming;
		this.events = events;
		this.thread = thread;
		this.positions = new AtomicLongArray(partitions.size());
	}

	/** Goes to the end of each partition; blocks. */
	void begin() {
		this.consumer.assign(this.partitions);
		toTheEnd(this.partitions);
	}

	/**
	 * Reads until the record is behind it; blocks.
	 * @throws TimeoutException when it does not come
	 */
	void awaitRecord(int partition, long offset) {
		long deadline = this.thread.environment().nanoTime() + this.timeout.toNanos();
		while (this.positions.get(partition) <= offset) {
			if (this.thread.environment().nanoTime() - deadline > 0) {
				throw new TimeoutException("A record that was written cannot be read");
			}
			poll();
		}
	}

	void start() {
		this.thread.execute(this::turn);
	}

	/** The offset of the next record of a partition. */
	long position(int partition) {
		return this.positions.get(partition);
	}

	/** How often it has asked for records. */
	long turns() {
		return this.turns.get();
	}

	boolean isReading() {
		return !this.closing && !this.failed;
	}

	/** Returns at once; nothing is delivered any more. Idempotent. */
	void close() {
		if (!this.closing) {
			this.closing = true;
			this.consumer.wakeup();
			this.thread.execute(this::end);
		}
	}

	private void turn() {
		try {
			if (this.closing) {
				return;
			}
			poll();
			this.turns.incrementAndGet();
			this.thread.execute(this::turn);
		}
		catch (WakeupException ex) {
			this.thread.execute(this::turn);
		}
		catch (Throwable ex) {
			this.failed = true;
			logger.warn("The relay cannot read from Kafka: {}", ex.toString());
			this.events.onLost();
			if (ex instanceof Error) {
				this.thread.failed(ex);
			}
		}
	}

	private void end() {
		try {
			this.consumer.close(CLOSE);
		}
		finally {
			this.thread.close();
		}
	}

	private void poll() {
		try {
			ConsumerRecords<byte[], byte[]> records = this.consumer.poll(POLL);
			for (ConsumerRecord<byte[], byte[]> record : records) {
				deliver(record);
				this.positions.set(record.partition(), record.offset() + 1);
			}
		}
		catch (InvalidOffsetException ex) {
			missed(ex.partitions());
		}
	}

	/** Kafka has deleted what comes next, or has lost what was read. */
	private void missed(Collection<TopicPartition> of) {
		logger
			.warn("Kafka no longer has the next records of {} partitions of the relay's topic; the relay continues at "
					+ "the end of each", of.size());
		toTheEnd(of);
		this.events.onDropped();
	}

	private void toTheEnd(Collection<TopicPartition> of) {
		Map<TopicPartition, Long> ends = this.consumer.endOffsets(of, this.timeout);
		ends.forEach((partition, end) -> {
			this.consumer.seek(partition, end);
			this.positions.set(partition.partition(), end);
		});
	}

	private void deliver(ConsumerRecord<byte[], byte[]> record) {
		if (record.key() == null || record.value() == null || this.closing) {
			return;
		}
		Topic topic;
		try {
			topic = Topic.of(new String(record.key(), StandardCharsets.UTF_8));
		}
		catch (IllegalTopicException ex) {
			logger.trace("The key of a Kafka record is not the name of a topic", ex);
			return;
		}
		this.incoming.once(topic, record.value());
	}

}
