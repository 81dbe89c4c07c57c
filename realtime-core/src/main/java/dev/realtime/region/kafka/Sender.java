package dev.realtime.region.kafka;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.region.BridgeException;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands letters to the producer on a thread of its own, because the client may block. A
 * stage is complete when Kafka has acknowledged. A producer that will not recover, or no
 * longer answers, is replaced.
 */
final class Sender {

	private static final Logger logger = LoggerFactory.getLogger(Sender.class);

	/** What a record that waits takes besides its bytes, about. */
	private static final int EACH = 512;

	private static final Duration AGAIN = Duration.ofSeconds(1);

	/** Beyond four timeouts: blocked before it is sent, and waiting for Kafka. */
	private static final Duration SILENCE = Duration.ofSeconds(5);

	private final Loop loop;

	private final KafkaRelayOptions options;

	private final Supplier<Producer<byte[], byte[]>> producers;

	private final Set<Waiting> underWay = ConcurrentHashMap.newKeySet();

	private final AtomicLong bytesUnderWay = new AtomicLong();

	private final LogThrottle failures;

	private volatile @Nullable Producer<byte[], byte[]> producer;

	private volatile boolean closing;

	Sender(Loop loop, KafkaRelayOptions options, Supplier<Producer<byte[], byte[]>> producers) {
		this.loop = loop;
		this.options = options;
		this.producers = producers;
		this.failures = new LogThrottle(loop.environment());
	}

	/**
	 * On the loop.
	 * @throws RuntimeException when the client cannot be made
	 */
	void open() {
		reopen();
		this.loop.every(AGAIN, this::look);
	}

	/** Any thread; never blocks. */
	CompletionStage<Void> send(String topic, int partition, byte[] letter) {
		Producer<byte[], byte[]> now = this.producer;
		if (now == null) {
			return CompletableFuture.failedFuture(new BridgeException("Kafka is not connected", false, null));
		}
		long size = (long) letter.length + EACH;
		if (this.bytesUnderWay.addAndGet(size) > this.options.pendingBytes()) {
			this.bytesUnderWay.addAndGet(-size);
			return CompletableFuture.failedFuture(new BridgeException("messages of " + this.options.pendingBytes()
					+ " bytes already wait for Kafka (realtime.regions.kafka.pending)", false, null));
		}
		Waiting waiting = new Waiting(now, this.loop.environment().nanoTime());
		this.underWay.add(waiting);
		CompletionStage<Void> stage = waiting.stage.whenComplete((done, failure) -> {
			this.underWay.remove(waiting);
			this.bytesUnderWay.addAndGet(-size);
		});
		if (!this.loop.tryExecute(() -> send(waiting, new ProducerRecord<>(topic, partition, null, letter)))) {
			waiting.fail("the bridge is closed", false, null);
		}
		return stage;
	}

	/** Any thread; what is not acknowledged within the patience fails. */
	void close(Duration patience) {
		this.closing = true;
		Producer<byte[], byte[]> known = this.producer;
		this.producer = null;
		if (known != null) {
			known.close(patience);
		}
		this.underWay.forEach((each) -> each.fail("the bridge is closed", true, null));
	}

	private void send(Waiting waiting, ProducerRecord<byte[], byte[]> letter) {
		if (this.loop.environment().nanoTime() - waiting.sinceNanos > this.options.timeout().toNanos()) {
			waiting.fail("Kafka has accepted no messages for " + this.options.timeout().toMillis() + " ms", false,
					null);
			return;
		}
		try {
			var unused = waiting.producer.send(letter, (metadata, failure) -> {
				if (failure == null) {
					waiting.stage.complete(null);
				}
				else {
					failed(waiting, letter, failure);
				}
			});
		}
		catch (Throwable ex) {
			failed(waiting, letter, ex);
			if (ex instanceof Error error) {
				throw error;
			}
		}
	}

	/** Any thread, Kafka's too. */
	private void failed(Waiting waiting, ProducerRecord<byte[], byte[]> letter, Throwable failure) {
		if (failure instanceof RecordTooLargeException) {
			String why = "Kafka does not accept a message of " + letter.value().length
					+ " bytes (max.message.bytes of the Kafka topic \"" + letter.topic() + "\")";
			if (this.failures.add() > 0) {
				logger.warn("{}; other regions do not get this message", why);
			}
			waiting.fail(why, false, failure);
			return;
		}
		if (!isOfOneLetter(failure) && !this.closing) {
			this.loop.execute(() -> replace(waiting.producer, failure));
		}
		waiting.fail("Kafka does not accept a message: " + failure.getMessage(), true, failure);
	}

	/** Whether the producer goes on after it. */
	private static boolean isOfOneLetter(Throwable failure) {
		return failure instanceof RetriableException || failure instanceof TopicAuthorizationException
				|| failure instanceof InvalidTopicException;
	}

	/** Kafka's thread may have ended without a word. */
	private void look() {
		Producer<byte[], byte[]> known = this.producer;
		long limit = this.options.timeout().multipliedBy(4).plus(SILENCE).toNanos();
		long now = this.loop.environment().nanoTime();
		if (known == null) {
			reopen();
		}
		else if (this.underWay.stream().anyMatch((each) -> now - each.sinceNanos > limit)) {
			replace(known, new IllegalStateException("Kafka's client does not answer"));
		}
	}

	/** The next look opens another. */
	private void replace(Producer<byte[], byte[]> broken, Throwable why) {
		if (this.producer != broken || this.closing) {
			return;
		}
		this.producer = null;
		if (this.failures.add() > 0) {
			logger.warn("The bridge between regions reconnects to Kafka for sending: {}", why.toString());
		}
		try {
			broken.close(Duration.ZERO);
		}
		finally {
			this.underWay.stream()
				.filter((each) -> each.producer == broken)
				.forEach((each) -> each.fail("Kafka's client has failed: " + why.getMessage(), true, why));
		}
	}

	private void reopen() {
		if (this.closing) {
			return;
		}
		Producer<byte[], byte[]> made = this.producers.get();
		this.producer = made;
		if (this.closing) {
			made.close(Duration.ZERO);
		}
	}

	/** A letter that Kafka has not acknowledged. */
	private static final class Waiting {

		final CompletableFuture<Void> stage = new CompletableFuture<>();

		final Producer<byte[], byte[]> producer;

		final long sinceNanos;

		Waiting(Producer<byte[], byte[]> producer, long sinceNanos) {
			this.producer = producer;
			this.sinceNanos = sinceNanos;
		}

		void fail(String why, boolean maybeSent, @Nullable Throwable cause) {
			this.stage.completeExceptionally(new BridgeException(why, maybeSent, cause));
		}

	}

}
