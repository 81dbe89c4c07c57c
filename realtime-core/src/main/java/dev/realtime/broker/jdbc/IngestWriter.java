package dev.realtime.broker.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loop;

/**
 * Stores the publications of its topics, all that wait in one transaction, on a loop of
 * its own. That is never interrupted: it would close the files of an H2 database.
 */
final class IngestWriter {

	/** Bounded by {@link Ingest}, which counts what all writers hold. */
	private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();

	private final int batchSize;

	private final BatchStore store;

	private final Stored stored;

	private final LockedTopics locked;

	private final Loop loop;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/** What is being stored. While it changes nothing is refused or abandoned. */
	@GuardedBy("this")
	private List<Pending> batch = List.of();

	IngestWriter(int batchSize, BatchStore store, Stored stored, LockedTopics locked, Loop loop) {
		this.batchSize = batchSize;
		this.store = store;
		this.stored = stored;
		this.locked = locked;
		this.loop = loop;
	}

	/** Returns false when it will not be stored, because the writer is closed. */
	boolean add(Pending pending) {
		this.queue.add(pending);
		return schedule();
	}

	/** Ends when nothing waits, or after this time; fails what still waits. */
	void close(Duration patience) {
		var unused = this.loop.close(patience);
		refuseWaiting();
	}

	/** Fails what waits because the broker is closed. */
	void refuseWaiting() {
		waiting().forEach(Pending::refuseClosed);
	}

	/** Fails what is still being stored because the broker is closed. */
	void abandonBatch() {
		storing().forEach(Pending::abandon);
	}

	private boolean schedule() {
		if (this.scheduled.get() || !this.scheduled.compareAndSet(false, true)) {
			return true;
		}
		boolean accepted = false;
		try {
			accepted = this.loop.tryExecute(this::run);
		}
		finally {
			if (!accepted) {
				this.scheduled.set(false);
			}
		}
		return accepted;
	}

	/** One batch a task, so that the loop sees progress; all when it is being closed. */
	private void run() {
		this.scheduled.set(false);
		do {
			this.loop.contain(this::storeNext);
			this.loop.progressed();
		}
		while (!this.queue.isEmpty() && !schedule());
	}

	private void storeNext() {
		List<Pending> taken = begin();
		if (taken.isEmpty()) {
			return;
		}
		try {
			BatchStore.Outcome outcome = this.store.store(taken);
			if (this.store.isAway()) {
				// the others would each wait for a connection in vain
				this.store.refuse(waiting());
			}
			this.locked.hold(outcome.locked());
			this.stored.stored(outcome.stored());
		}
		finally {
			end();
		}
	}

	/** Takes what is to be stored next. */
	private synchronized List<Pending> begin() {
		List<Pending> taken = new ArrayList<>();
		for (Pending next = this.queue.poll(); next != null; next = this.queue.poll()) {
			if (!this.locked.takes(next)) {
				taken.add(next);
			}
			if (taken.size() == this.batchSize) {
				break;
			}
		}
		this.batch = taken;
		return taken;
	}

	private synchronized void end() {
		this.batch = List.of();
	}

	private synchronized List<Pending> storing() {
		return this.batch;
	}

	/** Takes all that waits. */
	private synchronized List<Pending> waiting() {
		List<Pending> all = new ArrayList<>();
		this.queue.drainTo(all);
		return all;
	}

	/** Who goes on with what is stored; called on the thread that stored it. */
	@FunctionalInterface
	interface Stored {

		/** These are committed, in the order of their topics' numbers. */
		void stored(List<StoredPublication> publications);

	}

}
