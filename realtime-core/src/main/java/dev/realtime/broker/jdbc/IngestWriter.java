package dev.realtime.broker.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.realtime.log.jdbc.StoredPublication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that stores the publications of its topics, all that wait in one
 * transaction. It is never interrupted: that would close the files of an H2 database.
 */
final class IngestWriter {

	private static final Logger logger = LoggerFactory.getLogger(IngestWriter.class);

	private static final long IDLE_MILLIS = 100;

	/** Bounded by {@link Ingest}, which counts what all writers hold. */
	private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();

	private final int batchSize;

	private final BatchStore store;

	private final Stored stored;

	private final Thread thread;

	/** What is being stored. */
	private volatile List<Pending> batch = List.of();

	private volatile boolean finishing;

	IngestWriter(int number, int batchSize, BatchStore store, Stored stored) {
		this.batchSize = batchSize;
		this.store = store;
		this.stored = stored;
		this.thread = new Thread(this::run, "realtime-jdbc-writer-" + number);
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	void add(Pending pending) {
		this.queue.add(pending);
	}

	/** Ends when nothing waits. */
	void finish() {
		this.finishing = true;
	}

	/** Waits for the end, until the given nano time. */
	void join(long deadline) {
		try {
			this.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Fails what waits because the broker is closed. */
	void refuseWaiting() {
		takeAll().forEach((pending) -> pending.refuse("the broker was closed before it could be stored", null));
	}

	/** Fails what is still being stored because the broker is closed. */
	void abandonBatch() {
		this.batch.forEach((pending) -> pending.unknown("the broker was closed while the database was at work", null));
	}

	private void run() {
		while (true) {
			Pending first = next();
			if (first != null) {
				List<Pending> taken = new ArrayList<>();
				taken.add(first);
				this.queue.drainTo(taken, this.batchSize - 1);
				this.batch = taken;
				store(taken);
				this.batch = List.of();
			}
			else if (this.finishing) {
				return;
			}
		}
	}

	private void store(List<Pending> taken) {
		try {
			List<StoredPublication> done = this.store.store(taken);
			if (this.store.isAway()) {
				// the others would each wait for a connection in vain
				this.store.refuse(takeAll());
			}
			this.stored.stored(done);
		}
		catch (RuntimeException ex) {
			logger.error("Storing failed in a way that nobody expected", ex);
			taken.forEach((pending) -> pending.unknown("storing failed: " + ex, ex));
		}
	}

	private @Nullable Pending next() {
		try {
			return this.queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			// not by us; the thread ends when the broker closes
			return this.queue.poll();
		}
	}

	private List<Pending> takeAll() {
		List<Pending> all = new ArrayList<>();
		this.queue.drainTo(all);
		return all;
	}

	/** Who goes on with what is stored; called on the writer's thread. */
	@FunctionalInterface
	interface Stored {

		/** These are committed, in the order of their topics' numbers. */
		void stored(List<StoredPublication> publications);

	}

}
