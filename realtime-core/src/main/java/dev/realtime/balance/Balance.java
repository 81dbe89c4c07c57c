package dev.realtime.balance;

import org.jspecify.annotations.Nullable;

/**
 * Decides how many clients this node sends away now. Knows no clock and no thread; for
 * one thread.
 */
final class Balance {

	/**
	 * How long clients that were told to go count as on their way, in intervals: one
	 * until all have left, one to come back, one until their new node says so.
	 */
	private static final int ON_THEIR_WAY = 3;

	/**
	 * A balancer that chooses at random among two nodes returns half of them, so twice
	 * the excess goes. What needs twice as many again does not work.
	 */
	private static final int MOST_PER_EXCESS = 4;

	/** How many may return to the same node in any case. */
	private static final int SPARE = 20;

	private final BalanceOptions options;

	/** Names this node among the others. */
	private final String self;

	private final long intervalNanos;

	private final Loads loads;

	private final MinuteLimit limit;

	/** Since when this node has had too many; null if it has not. */
	private @Nullable Long fullNanos;

	private @Nullable Episode episode;

	/** When sending clients away had no effect; null if it never was so. */
	private @Nullable Long pausedNanos;

	Balance(BalanceOptions options, String self, long nowNanos) {
		this.options = options;
		this.self = self;
		this.intervalNanos = options.interval().toNanos();
		this.loads = new Loads(this.intervalNanos, nowNanos);
		this.limit = new MinuteLimit(options.clientsPerMinute(), this.intervalNanos, nowNanos);
	}

	/** See {@link Loads#heard}. */
	void heard(String node, int connections, long nowNanos) {
		this.loads.heard(node, connections, nowNanos);
	}

	/**
	 * Returns what this node says to others: clients that are on their way to other nodes
	 * count here, so that they are never counted nowhere. For a moment they may be
	 * counted twice, and then fewer go.
	 * @param staying connections that were not told to go
	 */
	int load(int staying, long nowNanos) {
		return staying + onTheirWay(nowNanos);
	}

	/**
	 * Returns how many clients go now at most. Called once in each interval.
	 * @param staying connections that were not told to go
	 * @param takes whether this node takes clients; one that does not keeps those it has
	 */
	int step(int staying, boolean takes, long nowNanos) {
		this.loads.expire(nowNanos);
		int allowed = this.limit.allowed(nowNanos);
		if (!takes) {
			keepAll();
			return 0;
		}
		if (!this.loads.areKnown(this.self, nowNanos) || isPaused(nowNanos)) {
			return 0;
		}
		if (!isFull(staying, mean(staying))) {
			keepAll();
			return 0;
		}
		// what is left when those who are on their way have come back
		double mean = this.loads.mean(this.self, load(staying, nowNanos));
		double excess = excess(staying, mean);
		return (excess > 0 && isEpisode(excess, nowNanos)) ? (int) Math.min(allowed, Math.ceil(excess)) : 0;
	}

	/**
	 * So many were told to go, at most what {@link #step} returned.
	 * @return whether so many have gone by now without an effect that the node stops
	 */
	boolean went(int clients, long nowNanos) {
		this.limit.went(clients, nowNanos);
		Episode known = this.episode;
		if (known == null) {
			return false;
		}
		this.episode = known.plus(clients);
		if (known.gone() + clients < MOST_PER_EXCESS * known.excess() + SPARE) {
			return false;
		}
		keepAll();
		this.pausedNanos = nowNanos;
		return true;
	}

	/**
	 * How far from the mean is normal: the threshold, but at least three times the
	 * standard deviation that a balancer causes which chooses at random.
	 */
	double tolerance(double mean) {
		return Math.max(mean * this.options.thresholdPercent() / 100, 3 * Math.sqrt(mean));
	}

	/** Nodes that take clients, this one included. */
	int nodes() {
		return this.loads.size();
	}

	/** The mean of all nodes, without the clients that are on their way. */
	double mean(int staying) {
		return this.loads.mean(this.self, staying);
	}

	private int onTheirWay(long nowNanos) {
		return this.limit.since(nowNanos - ON_THEIR_WAY * this.intervalNanos);
	}

	private boolean isPaused(long nowNanos) {
		Long known = this.pausedNanos;
		return known != null && nowNanos - known < Rebalancing.PAUSE.toNanos();
	}

	/** Begins above the tolerance and ends at its half, so that it does not flap. */
	private boolean isFull(int staying, double mean) {
		double excess = excess(staying, mean);
		return excess > ((this.episode != null) ? 0 : tolerance(mean) / 2);
	}

	/** How many are too many. */
	private double excess(int staying, double mean) {
		return staying - mean - tolerance(mean) / 2;
	}

	/** Whether it has been full for long enough. */
	private boolean isEpisode(double excess, long nowNanos) {
		Long full = this.fullNanos;
		if (full == null || full - this.loads.changedNanos() < 0) {
			// a node that comes or goes begins the wait anew
			this.episode = null;
			full = (full == null) ? nowNanos : this.loads.changedNanos();
			this.fullNanos = full;
		}
		if (nowNanos - full < this.options.after().toNanos()) {
			return false;
		}
		Episode known = this.episode;
		this.episode = (known != null) ? known.with(excess) : new Episode(excess, 0);
		return true;
	}

	private void keepAll() {
		this.fullNanos = null;
		this.episode = null;
	}

	/**
	 * While clients go.
	 *
	 * @param excess how many were too many at most
	 * @param gone how many have been told to go since it began
	 */
	private record Episode(double excess, long gone) {

		Episode with(double now) {
			return new Episode(Math.max(this.excess, now), this.gone);
		}

		Episode plus(int more) {
			return new Episode(this.excess, this.gone + more);
		}

	}

}
