package dev.realtime.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.journey.Journeys;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * One thread's share of a node's connections. A connection belongs to one shard for its
 * life; its queue, its subscribers and its writes are touched by tasks of that shard
 * alone, which run one after the other. A shard first does what is ready, then writes
 * each connection that got something once, as its {@link WriteSchedule} allows.
 * <p>
 * {@link #execute} may be called by any thread; everything else is confined. Internal to
 * the engine.
 */
public final class DeliveryShard {

	/** Tasks before the thread looks at anything else. */
	static final int MAX_TASKS = 128;

	final ShardCounters counters = new ShardCounters();

	final Batches batches = new Batches(this::failed);

	/** Of the audience whose turn it is. */
	final Slice slice;

	/** Reused by each write of this shard. */
	private final List<Frame> scratch = new ArrayList<>();

	private final Environment environment;

	private final Loop loop;

	private final DeliveryStats stats;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final ShardClocks clocks = new ShardClocks();

	private final Rounds rounds;

	private volatile @Nullable Thread running;

	private volatile boolean tickDue;

	private final Runnable pass = this::run;

	/** When the current pass began. */
	private long nowNanos;

	/**
	 * Makes a shard.
	 * @param loop runs its passes
	 */
	DeliveryShard(Loop loop, DeliveryStats stats) {
		this.loop = loop;
		this.environment = loop.environment();
		this.nowNanos = this.environment.nanoTime();
		this.slice = new Slice(this.environment);
		this.rounds = new Rounds(loop, this.nowNanos, () -> !this.tasks.isEmpty(), this::schedule);
		this.stats = stats;
	}

	/** Does something with what is confined to this shard; never blocks. */
	public void execute(Runnable task) {
		this.tasks.add(task);
		schedule();
	}

	/** The time of everything that happens on the shard. */
	public Environment environment() {
		return this.environment;
	}

	/** The last messages that asked for their journey; for any thread. */
	public Journeys journeys() {
		return this.stats.journeys();
	}

	/** What the current pass has counted. */
	public ShardCounters counters() {
		return this.counters;
	}

	/** A list that each write uses and leaves empty. */
	public List<Frame> scratch() {
		return this.scratch;
	}

	/** Returns the frames as a batch, which connections that get the same share. */
	public Batch batch(List<Frame> frames) {
		return this.batches.of(frames);
	}

	boolean runsOn(Executor executor) {
		return this.loop.runsOn(executor);
	}

	/** Whether the calling thread runs this shard's tasks now. */
	public boolean isCurrent() {
		return this.running == Thread.currentThread();
	}

	/** When the current pass began. */
	public long nowNanos() {
		return this.nowNanos;
	}

	/** The connection is the shard's from now on. */
	public void opened(ShardWriter writer) {
		this.clocks.add(writer);
	}

	/** The connection has ended; it may never have been opened. */
	public void closed(ShardWriter writer) {
		this.clocks.remove(writer);
	}

	/**
	 * Something waits to be written.
	 * @param recovers whether a subscription of the connection recovers
	 */
	public void dirty(ShardWriter writer, boolean recovers) {
		this.rounds.dirty(writer, recovers);
	}

	/** Messages of the audience wait for the next round of writes. */
	void gather(Audience audience) {
		this.rounds.gather(audience);
	}

	/** So many more audiences, or fewer, have been given a step in part. */
	void underWay(int change) {
		this.rounds.underWay(change);
	}

	/** Delivers what audiences have gathered; each is released once. */
	public void release() {
		this.rounds.release();
	}

	/** Counts and logs what one task, connection or subscriber has thrown. */
	public void failed(Throwable failure) {
		this.loop.failed(failure);
	}

	/** Runs code of others, which may throw anything. */
	public void contain(Runnable task) {
		this.loop.contain(task);
	}

	/**
	 * Work is to be done that produces writes: after enough of it they begin.
	 * @return whether that is now: no further message will share a write with this one
	 */
	boolean offered(int count) {
		return this.rounds.offered(count);
	}

	/**
	 * Looks, with the next pass, at the clocks of the next tenth of the connections: each
	 * is seen once a second, and a million of them make no pause. Any thread may call
	 * this.
	 */
	void tick() {
		this.tickDue = true;
		schedule();
	}

	private void schedule() {
		schedule(false);
	}

	/**
	 * Has a pass run.
	 * @param goesOn whether it goes on with what the last one has left
	 */
	private void schedule(boolean goesOn) {
		if (!this.scheduled.get() && this.scheduled.compareAndSet(false, true)) {
			boolean accepted = false;
			try {
				accepted = goesOn ? this.loop.tryYield(this.pass) : this.loop.tryExecute(this.pass);
			}
			catch (Throwable ex) {
				this.loop.failed(ex);
			}
			if (!accepted) {
				// The next task or tick tries again, unless the hub is closed.
				this.scheduled.set(false);
				if (this.loop.isClosed()) {
					this.tasks.clear();
				}
			}
		}
	}

	/** Whatever is thrown in one of its parts, the others happen, and the next pass. */
	private void run() {
		this.running = Thread.currentThread();
		this.nowNanos = this.environment.nanoTime();
		boolean more = true;
		try {
			runTasks();
			more = this.rounds.write(this.nowNanos);
			more |= this.rounds.writeRecovering();
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		try {
			this.batches.release();
			this.counters.addTo(this.stats);
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		this.running = null;
		this.scheduled.set(false);
		if (more || this.tickDue || !this.tasks.isEmpty()) {
			schedule(true);
		}
	}

	private void runTasks() {
		if (this.tickDue) {
			this.tickDue = false;
			this.clocks.tick(this.environment.nanoTime());
		}
		for (int i = 0; i < MAX_TASKS && !this.rounds.isDue() && !hasWrittenEnough(); i++) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				break;
			}
			this.loop.contain(task);
		}
	}

	/** Whether tasks of this pass have written a {@link Slice}. */
	private boolean hasWrittenEnough() {
		long writes = this.counters.writes;
		return writes >= Slice.MOST
				|| (writes >= Slice.PART && this.environment.nanoTime() - this.nowNanos >= Slice.LONGEST_NANOS);
	}

}
