package dev.realtime.broker.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;

/**
 * The bounded queue before the database, shared out to writers by topic, so that the
 * calls of one thread on one topic keep their order. Safe for any number of threads;
 * offering never blocks.
 */
final class Ingest {

	private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final Environment environment;

	private final int capacity;

	private final long maxBytes;

	/** What is queued or being stored: publications, and their bytes. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	private final LockedTopics locked;

	private final List<IngestWriter> writers;

	Ingest(JdbcBrokerOptions options, BatchStore store, IngestWriter.Stored stored, Loops loops) {
		this.environment = loops.environment();
		this.capacity = options.queueCapacity();
		this.maxBytes = options.queueBytes();
		this.locked = new LockedTopics(store, stored, options.batchSize(), options.statementTimeout(),
				loops.loop("realtime-jdbc-locked"));
		this.writers = IntStream.rangeClosed(1, options.writers())
			.mapToObj((number) -> new IngestWriter(options.batchSize(), store, stored, this.locked,
					loops.loop("realtime-jdbc-writer-" + number)))
			.toList();
	}

	/** How many publications wait, those that are being stored included. */
	int waiting() {
		return this.waiting.get();
	}

	CompletionStage<PublishReceipt> offer(JdbcStore.Entry entry) {
		Pending pending = new Pending(entry);
		int count = this.waiting.incrementAndGet();
		long size = this.bytes.addAndGet(pending.bytes());
		CompletableFuture<PublishReceipt> receipt = pending.receipt();
		if (count > this.capacity || (size > this.maxBytes && count > 1)) {
			release(pending);
			return CompletableFuture
				.failedFuture(PublishException.refused(pending.topic(), "the queue in front of the database is full: "
						+ ((count > this.capacity) ? this.capacity + " publications (realtime.publish.max-in-flight)"
								: this.maxBytes + " bytes of payload (realtime.jdbc.queue-bytes)")
						+ " of this node are already waiting, which is the most allowed; try again later", null));
		}
		var unused = receipt.whenComplete((stored, failure) -> release(pending));
		IngestWriter writer = this.writers.get(Math.floorMod(pending.topic().hashCode(), this.writers.size()));
		if (!writer.add(pending)) {
			writer.refuseWaiting();
		}
		return receipt;
	}

	/**
	 * Stores what waits, as far as it is done within 2 s, and fails the rest; idempotent.
	 */
	void close() {
		long deadline = this.environment.nanoTime() + CLOSE_NANOS;
		this.writers.forEach((writer) -> writer.close(until(deadline)));
		this.locked.close(until(deadline));
		this.writers.forEach(IngestWriter::abandonBatch);
	}

	private Duration until(long deadline) {
		return Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline - this.environment.nanoTime()));
	}

	private void release(Pending pending) {
		this.waiting.decrementAndGet();
		this.bytes.addAndGet(-pending.bytes());
	}

}
