package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Environment;
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
	static final int MAX_TASKS = 128;

	/**
	 * Writes before the thread looks at anything else: about a millisecond, by which the
	 * subscribers of a quiet topic wait for those of a hot one.
	 */
	static final int MAX_WRITES = 256;

	/**
	 * Connections that recover and are written before the thread looks at anything else:
	 * each may take as much as half of its queue.
	 */
	static final int MAX_RECOVERING = 16;

	/** How many times a second the clocks of a part of the connections are looked at. */
	static final int TICKS_A_SECOND = 10;

	/** Its place among the hub's shards. */
	final int index;

	final Tally tally = new Tally();

	final Batches batches = new Batches(this::failed);

	/** Reused by each write of this shard. */
	final List<Frame> scratch = new ArrayList<>();

	final Environment environment;

	private final Loop loop;

	private final HubStats stats;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final ArrayDeque<SocketWriter> dirty = new ArrayDeque<>();

	/** Those that got something and recover. */
	private final ArrayDeque<SocketWriter> recovering = new ArrayDeque<>();

	private final List<Connection> connections = new ArrayList<>();

	/** Audiences whose messages wait for the next round of writes. */
	private final List<Audience> gathering = new ArrayList<>();

	private volatile @Nullable Thread running;

	private final Pace pace;

	private int offers;

	/** How many connections the round of writes that has begun has not come to. */
	private int round;

	private long roundNanos;

	/** Whether a round of writes has begun and is not over. */
	private boolean writing;

	/** Audiences that have been given a step in part. */
	private int underWay;

	private boolean flushing;

	private volatile boolean tickDue;

	private final Runnable pass = this::run;

	/** When the current pass began. */
	private long nowNanos;

	private int nextToTick;

	/**
	 * Makes a shard.
	 * @param loop runs its passes
	 */
	DeliveryShard(int index, Loop loop, HubStats stats) {
		this.index = index;
		this.loop = loop;
		this.environment = loop.environment();
		this.nowNanos = this.environment.nanoTime();
		this.pace = new Pace(this.nowNanos);
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
		if (writer.replays > 0) {
			this.recovering.add(writer);
			return;
		}
		this.dirty.add(writer);
		if (this.flushing) {
			this.round++;
		}
	}

	/** Messages of the audience wait for the next round of writes. */
	void gather(Audience audience) {
		this.gathering.add(audience);
	}

	/** So many more audiences, or fewer, have been given a step in part. */
	void underWay(int change) {
		this.underWay += change;
	}

	/** Delivers what audiences have gathered; each is released once. */
	void release() {
		if (this.gathering.isEmpty()) {
			return;
		}
		List<Audience> ready = List.copyOf(this.gathering);
		this.gathering.clear();
		for (Audience audience : ready) {
			this.loop.contain(() -> audience.release(ready.size() == 1));
		}
	}

	/** Counts and logs what one task, connection or subscriber has thrown. */
	void failed(Throwable failure) {
		this.loop.failed(failure);
	}

	/** Runs code of others, which may throw anything. */
	void contain(Runnable task) {
		this.loop.contain(task);
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
			more = write();
			more |= writeRecovering();
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
		}
		try {
			this.batches.release();
			this.tally.addTo(this.stats);
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
			lookAtClocks();
		}
		for (int i = 0; i < MAX_TASKS && this.offers < Pace.MAX_OFFERS && this.tally.writes < MAX_WRITES; i++) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				break;
			}
			this.loop.contain(task);
		}
	}

	private void lookAtClocks() {
		long now = this.environment.nanoTime();
		for (int i = this.connections.size() / TICKS_A_SECOND; i >= 0 && !this.connections.isEmpty(); i--) {
			this.nextToTick = (this.nextToTick + 1 < this.connections.size()) ? this.nextToTick + 1 : 0;
			this.connections.get(this.nextToTick).writer.tick(now);
		}
	}

	/**
	 * Begins a round of writes, or goes on with it. While audiences are given a step in
	 * slices the round goes on, and what comes meanwhile is written after each slice.
	 * @return whether more is to be written at once
	 */
	private boolean write() {
		endRound();
		if (this.round == 0) {
			if (!this.writing && !beginRound()) {
				return false;
			}
			this.offers = 0;
			release();
			this.round = this.dirty.size();
		}
		flush();
		endRound();
		return !this.dirty.isEmpty() || !this.gathering.isEmpty();
	}

	/** Returns false when there is nothing to write, or not yet. */
	private boolean beginRound() {
		if (this.dirty.isEmpty() && this.gathering.isEmpty() && this.offers == 0) {
			return false;
		}
		int writes = this.dirty.size() + this.gathering.size() * Audience.MANY;
		long wait = this.pace.wait(this.nowNanos, writes, this.offers);
		if (wait > 0) {
			this.loop.after(Duration.ofNanos(wait), this::schedule);
		}
		if (wait != 0) {
			return false;
		}
		this.roundNanos = this.nowNanos;
		this.writing = true;
		return true;
	}

	private void endRound() {
		if (this.writing && this.round == 0 && this.underWay == 0) {
			this.writing = false;
			this.pace.wrote(this.roundNanos, this.environment.nanoTime(),
					!this.tasks.isEmpty() || !this.gathering.isEmpty());
		}
	}

	private void flush() {
		this.flushing = true;
		for (int i = 0; i < MAX_WRITES && this.round > 0; i++) {
			SocketWriter next = this.dirty.poll();
			if (next == null) {
				this.round = 0;
				break;
			}
			this.round--;
			flush(next);
		}
		this.flushing = false;
	}

	/**
	 * What is recovered was published before: live messages do not wait for it, however
	 * many clients recover at once.
	 * @return whether more is to be written at once
	 */
	private boolean writeRecovering() {
		for (int i = 0; i < MAX_RECOVERING; i++) {
			SocketWriter next = this.recovering.poll();
			if (next == null) {
				return false;
			}
			flush(next);
		}
		return !this.recovering.isEmpty();
	}

	private static void flush(SocketWriter writer) {
		try {
			writer.flush();
		}
		catch (Throwable ex) {
			writer.failed(ex);
		}
	}

}
