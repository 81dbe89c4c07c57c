package dev.realtime.bench.simulation;

import java.util.Arrays;

/** What waits for each connection: the times at which messages were meant to be sent. */
final class Chains {

	private static final int NONE = -1;

	private final int[] first;

	private final int[] last;

	private final int[] count;

	private long[] meant = new long[1_024];

	private int[] next = new int[1_024];

	private int free = NONE;

	private int used;

	Chains(int connections) {
		this.first = new int[connections];
		this.last = new int[connections];
		this.count = new int[connections];
		Arrays.fill(this.first, NONE);
	}

	int count(int connection) {
		return this.count[connection];
	}

	/** Appends one. */
	void add(int connection, long meantNanos) {
		int cell = cell();
		this.meant[cell] = meantNanos;
		this.next[cell] = NONE;
		if (this.first[connection] == NONE) {
			this.first[connection] = cell;
		}
		else {
			this.next[this.last[connection]] = cell;
		}
		this.last[connection] = cell;
		this.count[connection]++;
	}

	/** Takes the oldest one out; there must be one. */
	long take(int connection) {
		int cell = this.first[connection];
		this.first[connection] = this.next[cell];
		this.count[connection]--;
		this.next[cell] = this.free;
		this.free = cell;
		return this.meant[cell];
	}

	private int cell() {
		if (this.free != NONE) {
			int cell = this.free;
			this.free = this.next[cell];
			return cell;
		}
		if (this.used == this.meant.length) {
			this.meant = Arrays.copyOf(this.meant, this.used * 2);
			this.next = Arrays.copyOf(this.next, this.used * 2);
		}
		return this.used++;
	}

}
