package dev.realtime.isolation;

import java.time.Duration;

/**
 * How far a node has sent its clients away.
 *
 * @param sinceNanos when it began
 * @param connections how many clients there were then
 * @param sent for how many the time has come
 */
record DrainProgress(long sinceNanos, int connections, long sent) {

	/**
	 * A node with few clients sends those who come later away as fast as one with so
	 * many.
	 */
	private static final int LEAST = 100;

	/**
	 * How many more are due.
	 * @param spread over which time the clients of the beginning go; those who come later
	 * go at the same pace
	 */
	int due(long nowNanos, Duration spread) {
		if (spread.isZero()) {
			return Integer.MAX_VALUE;
		}
		double part = (double) (nowNanos - this.sinceNanos) / spread.toNanos();
		double due = Math.ceil(part * Math.max(LEAST, this.connections)) - this.sent;
		return (int) Math.min(Integer.MAX_VALUE, Math.max(0, due));
	}

	DrainProgress plus(int due) {
		return new DrainProgress(this.sinceNanos, this.connections, this.sent + due);
	}

}
