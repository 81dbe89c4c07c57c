package dev.realtime.relay.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.relay.RelayUnavailableException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The producer. A thread of its own hands records over, because the client may block
 * while it asks for metadata or has no memory left; the caller's never does. A stage is
 * complete when Kafka has acknowledged.
 */
final class Announcements {

	private static final String ENDED = "The connection to Kafka ended before it acknowledged";

	/** What a record that waits takes besides its bytes, about. */
	private static final int EACH = 512;

	private final Producer<byte[], byte[]> producer;

	private final KafkaRelayOptions options;

	private final Loop thread;

	/** Those that wait to be handed over, and those that are not acknowledged. */
	private final Map<Object, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

	private final AtomicLong bytesUnderWay = new AtomicLong();

	Announcements(Producer<byte[], byte[]> producer, KafkaRelayOptions options, Loop thread) {
		this.producer = producer;
		this.options = options;
		this.thread = thread;
	}

	/** Any thread; never blocks. */
	CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		byte[] key = topic.name().getBytes(StandardCharsets.UTF_8);
		long size = (long) key.length + bytes.length + EACH;
		if (this.bytesUnderWay.addAndGet(size) > this.options.pendingBytes()) {
			this.bytesUnderWay.addAndGet(-size);
			return CompletableFuture.failedFuture(refused("messages of " + this.options.pendingBytes()
					+ " bytes already wait for Kafka (realtime.relay.kafka.pending)", null));
		}
		CompletableFuture<Void> stage = new CompletableFuture<>();
		Object id = new Object();
		this.underWay.put(id, stage);
		var unused = stage.whenComplete((done, failure) -> {
			this.underWay.remove(id);
			this.bytesUnderWay.addAndGet(-size);
		});
		ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(this.options.topic(),
				this.options.partitions().of(topic), key, bytes);
		this.thread.execute(() -> send(record, stage));
		if (this.thread.isClosed()) {
			stage.completeExceptionally(refused(ENDED, null));
		}
		return stage;
	}

	/** Any thread; what is not acknowledged by then fails. */
	void close(Duration patience) {
		this.thread.close();
		this.producer.close(patience);
		this.underWay.values().forEach((stage) -> stage.completeExceptionally(refused(ENDED, null)));
	}

	private void send(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> stage) {
		try {
			var unused = this.producer.send(record, (metadata, failure) -> {
				if (failure == null) {
					stage.complete(null);
				}
				else {
					stage.completeExceptionally(refused(failure, record.value().length));
				}
			});
		}
		catch (RuntimeException ex) {
			stage.completeExceptionally(refused(ex, record.value().length));
		}
		catch (Throwable ex) {
			this.thread.failed(ex);
			stage.completeExceptionally(refused("Kafka's client failed: " + ex, ex));
		}
	}

	private RelayUnavailableException refused(Exception failure, int length) {
		if (failure instanceof TimeoutException) {
			return refused("Kafka did not acknowledge within " + this.options.timeoutMillis() + " ms", failure);
		}
		if (failure instanceof RecordTooLargeException) {
			return refused("Kafka does not accept a message of " + length + " bytes (max.message.bytes of the "
					+ "Kafka topic \"" + this.options.topic() + "\")", failure);
		}
		if (failure instanceof AuthorizationException) {
			return refused("Kafka does not let this user write to the Kafka topic \"" + this.options.topic() + '"',
					failure);
		}
		return refused("Kafka does not accept a message: " + failure.getMessage(), failure);
	}

	private static RelayUnavailableException refused(String sentence, @Nullable Throwable why) {
		return new RelayUnavailableException(sentence, why);
	}

}
