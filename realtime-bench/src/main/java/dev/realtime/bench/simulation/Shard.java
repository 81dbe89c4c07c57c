package dev.realtime.bench.simulation;

import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * A shard of a node: it gathers what is ready, then writes each connection once, and
 * waits before the next round as {@code Pace} of the hub does.
 */
final class Shard extends Worker {

	/** What a written message was, for its latency or for its client. */
	interface Written {

		void written(int connection, long meantNanos);

	}

	private static final int WRITES_A_PIECE = 32;

	private static final int FEW = 32;

	private static final long LONGEST_WAIT_NANOS = 5_000_000;

	/** From this part of the connections on, a message goes to the first ones. */
	private static final double MOST_OF_THEM = 0.5;

	private final int connections;

	private final double writeNanos;

	private final double frameNanos;

	private final int bound;

	private final SplittableRandom random;

	private final Written written;

	private final ArrayDeque<Arrival> inbox = new ArrayDeque<>();

	private final Chains chains;

	private final Ints dirty = new Ints();

	private final int[] piece = new int[WRITES_A_PIECE];

	private int pieceSize;

	private long roundBegan;

	private boolean inRound;

	private boolean pacing;

	private long pacingUntil;

	private long lastTook;

	private long lastEnd;

	private long waiting;

	private long most;

	private long dropped;

	private long delivered;

	private long writes;

	Shard(Timeline timeline, Machine machine, Program program, Writing writing, int connections, long seed,
			Written written) {
		super(timeline, machine, program);
		this.connections = connections;
		this.writeNanos = writing.writeNanos();
		this.frameNanos = writing.frameNanos();
		this.bound = writing.bound();
		this.random = new SplittableRandom(seed);
		this.written = written;
		this.chains = new Chains(connections);
	}

	/**
	 * What writing costs.
	 *
	 * @param writeNanos each write, without its messages
	 * @param frameNanos each message in it
	 * @param bound messages that may wait for one connection
	 */
	record Writing(double writeNanos, double frameNanos, int bound) {
	}

	/** Takes a message; it is delivered with the next round. */
	void offer(Arrival arrival) {
		this.inbox.add(arrival);
		this.waiting += arrival.subscribers();
		this.most = Math.max(this.most, this.waiting);
		wake();
	}

	/** The most deliveries that have waited. */
	long most() {
		return this.most;
	}

	/** Deliveries that found a connection's queue full. */
	long dropped() {
		return this.dropped;
	}

	long delivered() {
		return this.delivered;
	}

	long writes() {
		return this.writes;
	}

	@Override
	long begin() {
		if (!this.inRound && !beginRound()) {
			return -1;
		}
		double cost = 0;
		this.pieceSize = Math.min(WRITES_A_PIECE, this.dirty.size());
		for (int i = 0; i < this.pieceSize; i++) {
			this.piece[i] = this.dirty.take();
			cost += this.writeNanos + this.frameNanos * this.chains.count(this.piece[i]);
		}
		this.writes += this.pieceSize;
		return (long) cost;
	}

	@Override
	void end() {
		for (int i = 0; i < this.pieceSize; i++) {
			int connection = this.piece[i];
			for (int left = this.chains.count(connection); left > 0; left--) {
				this.written.written(connection, this.chains.take(connection));
				this.delivered++;
				this.waiting--;
			}
		}
		if (this.dirty.size() == 0) {
			this.inRound = false;
			this.lastEnd = this.timeline.now();
			this.lastTook = this.inbox.isEmpty() ? 0 : this.lastEnd - this.roundBegan;
		}
	}

	/** Begins a round, unless there is nothing to write or it is to wait. */
	private boolean beginRound() {
		if (this.inbox.isEmpty()) {
			return false;
		}
		long now = this.timeline.now();
		if (this.waiting >= FEW && mustWait(now)) {
			return false;
		}
		this.pacing = false;
		this.roundBegan = now;
		this.inRound = true;
		for (Arrival arrival = this.inbox.poll(); arrival != null; arrival = this.inbox.poll()) {
			release(arrival);
		}
		return true;
	}

	/** The rule of {@code Pace}. */
	private boolean mustWait(long now) {
		if (this.pacing) {
			return now < this.pacingUntil;
		}
		if (now - this.lastEnd >= this.lastTook) {
			return false;
		}
		this.pacing = true;
		this.pacingUntil = now + Math.min(this.lastTook, LONGEST_WAIT_NANOS);
		this.timeline.at(this.pacingUntil, this::wake);
		return true;
	}

	private void release(Arrival arrival) {
		boolean most = arrival.subscribers() > MOST_OF_THEM * this.connections;
		for (int i = 0; i < arrival.subscribers(); i++) {
			int connection = most ? i % this.connections : this.random.nextInt(this.connections);
			int count = this.chains.count(connection);
			if (count >= this.bound) {
				this.dropped++;
				this.waiting--;
				continue;
			}
			if (count == 0) {
				this.dirty.add(connection);
			}
			this.chains.add(connection, arrival.meantNanos());
		}
	}

}
