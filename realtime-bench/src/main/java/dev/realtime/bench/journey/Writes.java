package dev.realtime.bench.journey;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When each write to a connection began and ended, in the order of the writes. Only
 * noted, so that the measurement itself takes as little as it can. Written by the shard
 * alone; read by others when everything is delivered.
 */
final class Writes {

	private final int[] numbers;

	private final long[] begins;

	private final long[] ends;

	private int size;

	/** How long the shard has been in writes. */
	private final AtomicLong sent = new AtomicLong();

	Writes(int most) {
		this.numbers = new int[most];
		this.begins = new long[most];
		this.ends = new long[most];
	}

	/** Notes one write that carried these messages. */
	void add(long[] messages, long begin, long end) {
		for (long message : messages) {
			this.numbers[this.size] = (int) message;
			this.begins[this.size] = begin;
			this.ends[this.size++] = end;
		}
		this.sent.setRelease(this.sent.getPlain() + end - begin);
	}

	/** How long the shard has been in writes so far. */
	long sentNanos() {
		return this.sent.getAcquire();
	}

	/** Shows each delivery in the order of the writes. */
	void forEach(Visitor visitor) {
		long before = 0;
		long current = 0;
		for (int i = 0; i < this.size; i++) {
			// Messages of one write have its times.
			if (i == 0 || this.begins[i] != this.begins[i - 1]) {
				before += current;
				current = this.ends[i] - this.begins[i];
			}
			visitor.delivered(this.numbers[i], this.begins[i], current, before);
		}
	}

	/** Is shown each delivery. */
	@FunctionalInterface
	interface Visitor {

		/**
		 * A message was written to a connection.
		 * @param send nanoseconds of the write
		 * @param sentBefore nanoseconds of all earlier writes
		 */
		void delivered(int number, long begin, long send, long sentBefore);

	}

}
