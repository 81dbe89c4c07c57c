package dev.realtime.bench.simulation;

/** A queue of numbers that does not box them. */
final class Ints {

	private int[] ring = new int[1_024];

	private int head;

	private int size;

	void add(int value) {
		if (this.size == this.ring.length) {
			int[] larger = new int[this.size * 2];
			for (int i = 0; i < this.size; i++) {
				larger[i] = this.ring[(this.head + i) & (this.size - 1)];
			}
			this.ring = larger;
			this.head = 0;
		}
		this.ring[(this.head + this.size++) & (this.ring.length - 1)] = value;
	}

	/** Takes the oldest one; there must be one. */
	int take() {
		int value = this.ring[this.head];
		this.head = (this.head + 1) & (this.ring.length - 1);
		this.size--;
		return value;
	}

	int size() {
		return this.size;
	}

}
