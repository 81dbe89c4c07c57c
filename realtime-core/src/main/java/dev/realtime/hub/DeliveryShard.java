package dev.realtime.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's share of a node's connections. A connection belongs to one shard for its
 * life; its queue, its subscribers and its writes are touched by tasks of that shard
 * alone, which run one after the other. A shard first does what is ready, then writes
 * each connection that got something once.
 * <p>
 * {@link #execute} may be called by any thread; everything else is confined.
 */
public final class DeliveryShard {

	/** Tasks, and offers to queues, before what they produced is written. */
	private static final int MAX_TASKS = 128;

	private static final int MAX_OFFERS = 16_384;

	private static final Logger logger = LoggerFactory.getLogger(DeliveryShard.class);

	private final Executor executor;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final ArrayDeque<Connection> dirty = new ArrayDeque<>();

	private final Set<Connection> connections = new HashSet<>();

	/** Reused by each write of this shard. */
	final List<Frame> batch = new ArrayList<>();

	private int offers;

	/**
	 * Makes a shard.
	 * @param executor runs its tasks, one at a time, in order
	 */
	DeliveryShard(Executor executor) {
		this.executor = executor;
	}

	/** Does something with what is confined to this shard; never blocks. */
	public void execute(Runnable task) {
		this.tasks.add(task);
		schedule();
	}

	void opened(Connection connection) {
		this.connections.add(connection);
	}

	void closed(Connection connection) {
		this.connections.remove(connection);
	}

	/** Something waits to be written. */
	void dirty(Connection connection) {
		this.dirty.add(connection);
	}

	/** Work was done that produces writes: after enough of it they begin. */
	void offered(int count) {
		this.offers += count;
	}

	/** Looks at each connection's heartbeats. */
	void tick(long nowNanos) {
		for (Connection connection : List.copyOf(this.connections)) {
			connection.tick(nowNanos);
		}
	}

	private void schedule() {
		if (!this.scheduled.get() && this.scheduled.compareAndSet(false, true)) {
			try {
				this.executor.execute(this::run);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("The hub is closed; a task of a shard was dropped");
			}
		}
	}

	private void run() {
		this.offers = 0;
		for (int i = 0; i < MAX_TASKS && this.offers < MAX_OFFERS; i++) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				break;
			}
			contained(task);
		}
		for (Connection next = this.dirty.poll(); next != null; next = this.dirty.poll()) {
			contained(next::flush);
		}
		this.scheduled.set(false);
		if (!this.tasks.isEmpty()) {
			schedule();
		}
	}

	/** One task's failure must not take the shard, and everybody on it, down. */
	private static void contained(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | LinkageError | StackOverflowError | AssertionError ex) {
			logger.error("A task of a delivery shard failed; the shard goes on", ex);
		}
	}

}
