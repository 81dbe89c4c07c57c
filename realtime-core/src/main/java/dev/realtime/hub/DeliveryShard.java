package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * One thread's share of a node's connections. A connection belongs to one shard for its
 * life; its queue, its subscribers and its writes are touched by tasks of that shard
 * alone, which run one after the other. A shard first does what is ready, then writes
 * each connection that got something once, as its {@link Pace} allows.
 * <p>
 * {@link #execute} may be called by any thread; everything else is confined.
 */
final class DeliveryShard {

	/** Tasks before the thread looks at anything else. */
	private static final int MAX_TASKS = 128;

	/** How many times a second the clocks of a part of the connections are looked at. */
	static final int TICKS_A_SECOND = 10;

	/** Its place among the hub's shards. */
	final int index;

	final Tally tally = new Tally();

	final Batches batches = new Batches();

	/** Reused by each write of this shard. */
	final List<Frame> scratch = new ArrayList<>();

	private final Loop loop;

	private final HubStats stats;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final ArrayDeque<SocketWriter> dirty = new ArrayDeque<>();

	private final List<Connection> connections = new ArrayList<>();

	private volatile @Nullable Thread running;

	private final Pace pace = new Pace();

	private int offers;

	/** When the current pass began. */
	private long nowNanos = System.nanoTime();

	private int nextToTick;

	/**
	 * Makes a shard.
	 * @param loop runs its passes
	 */
	DeliveryShard(int index, Loop loop, HubStats stats) {
		this.index = index;
		this.loop = loop;
		this.stats = stats;
	}

	/** Does something with what is confined to this shard; never blocks. */
	void execute(Runnable task) {
		this.tasks.add(task);
		schedule();
	}

	boolean runsOn(Executor executor) {
		return this.loop.runsOn(executor);
	}

	/** Whether the calling thread runs this shard's tasks now. */
	boolean isCurrent() {
		return this.running == Thread.currentThread();
	}

	long nowNanos() {
		return this.nowNanos;
	}

	void opened(Connection connection) {
		connection.index = this.connections.size();
		this.connections.add(connection);
	}

	void closed(Connection connection) {
		int index = connection.index;
		if (index >= 0) {
			connection.index = -1;
			Connection last = this.connections.remove(this.connections.size() - 1);
			if (last != connection) {
				this.connections.set(index, last);
				last.index = index;
			}
		}
	}

	/** Something waits to be written. */
	void dirty(SocketWriter writer) {
		this.dirty.add(writer);
	}

	/**
	 * Work is to be done that produces writes: after enough of it they begin.
	 * @return whether that is now: no further message will share a write with this one
	 */
	boolean offered(int count) {
		this.offers += count;
		return this.offers >= Pace.MAX_OFFERS;
	}

	/**
	 * Looks at the clocks of the next tenth of the connections: each is seen once a
	 * second, and a million of them make no pause.
	 */
	void tick() {
		long now = System.nanoTime();
		for (int i = this.connections.size() / TICKS_A_SECOND; i >= 0 && !this.connections.isEmpty(); i--) {
			this.nextToTick = (this.nextToTick + 1 < this.connections.size()) ? this.nextToTick + 1 : 0;
			this.connections.get(this.nextToTick).writer.tick(now);
		}
	}

	private void schedule() {
		if (!this.scheduled.get() && this.scheduled.compareAndSet(false, true)) {
			this.loop.execute(this::run);
		}
	}

	private void run() {
		this.running = Thread.currentThread();
		this.nowNanos = System.nanoTime();
		for (int i = 0; i < MAX_TASKS && this.offers < Pace.MAX_OFFERS; i++) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				break;
			}
			this.loop.contain(task);
		}
		this.loop.contain(this::write);
		this.batches.release();
		this.tally.addTo(this.stats);
		this.running = null;
		this.scheduled.set(false);
		if (!this.tasks.isEmpty()) {
			schedule();
		}
	}

	private void write() {
		if (this.dirty.isEmpty() && this.offers == 0) {
			return;
		}
		long wait = this.pace.wait(this.nowNanos, this.dirty.size(), this.offers);
		if (wait == 0) {
			this.offers = 0;
			for (SocketWriter next = this.dirty.poll(); next != null; next = this.dirty.poll()) {
				this.loop.contain(next::flush);
			}
			this.pace.wrote(this.nowNanos, System.nanoTime(), !this.tasks.isEmpty());
		}
		else if (wait > 0) {
			this.loop.after(Duration.ofNanos(wait), this::schedule);
		}
	}

}
