package dev.realtime.broker.jdbc;

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

/**
 * The bounded queue before the database, shared out to writers by topic, so that the
 * calls of one thread on one topic keep their order. Safe for any number of threads;
 * offering never blocks.
 */
final class Ingest {

	private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final int capacity;

	private final long maxBytes;

	/** What is queued or being stored: publications, and their bytes. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	private final List<IngestWriter> writers;

	private volatile boolean closed;

	Ingest(JdbcBrokerOptions options, BatchStore store, IngestWriter.Stored stored) {
		this.capacity = options.queueCapacity();
		this.maxBytes = options.queueBytes();
		this.writers = IntStream.rangeClosed(1, options.writers())
			.mapToObj((number) -> new IngestWriter(number, options.batchSize(), store, stored))
			.toList();
	}

	void start() {
		this.writers.forEach(IngestWriter::start);
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
			return CompletableFuture.failedFuture(PublishException.refused(pending.topic(),
					"the queue before the database is full: "
							+ ((count > this.capacity) ? this.capacity + " publications"
									: this.maxBytes + " bytes of payload")
							+ " of this node may wait, and do; try again later",
					null));
		}
		var unused = receipt.whenComplete((stored, failure) -> release(pending));
		IngestWriter writer = this.writers.get(Math.floorMod(pending.topic().hashCode(), this.writers.size()));
		writer.add(pending);
		if (this.closed) {
			// its writer may have looked for the last time
			writer.refuseWaiting();
		}
		return receipt;
	}

	/**
	 * Stores what waits, as far as it is done within 2 s, and fails the rest; idempotent.
	 */
	void close() {
		this.writers.forEach(IngestWriter::finish);
		long deadline = System.nanoTime() + CLOSE_NANOS;
		this.writers.forEach((writer) -> writer.join(deadline));
		this.closed = true;
		this.writers.forEach(IngestWriter::refuseWaiting);
		this.writers.forEach(IngestWriter::abandonBatch);
	}

	private void release(Pending pending) {
		this.waiting.decrementAndGet();
		this.bytes.addAndGet(-pending.bytes());
	}

}
