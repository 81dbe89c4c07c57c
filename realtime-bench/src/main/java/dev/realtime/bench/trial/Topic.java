package dev.realtime.bench.trial;

import java.util.Arrays;

/**
 * What is known of one topic in one phase: which messages were published, and which
 * number of the server's each one got. All subscribers must agree on that.
 */
final class Topic {

	/** No subscriber has got it. */
	private static final long UNKNOWN = 0;

	/** The server refused it, or did not say whether it took it. */
	private static final long NOT_EXPECTED = -1;

	final int number;

	private long[] seqs = new long[16];

	/** Messages of earlier phases. */
	private int before;

	/** The number of the latest message. */
	private int published;

	private long highest;

	Topic(int number) {
		this.number = number;
	}

	/** The number of the next message. */
	int publish() {
		int index = this.published++ - this.before;
		if (index >= this.seqs.length) {
			this.seqs = Arrays.copyOf(this.seqs, index * 2);
		}
		this.seqs[index] = UNKNOWN;
		return this.published;
	}

	int published() {
		return this.published;
	}

	/** The highest number of the server's that one of the phase's messages has. */
	long highest() {
		return this.highest;
	}

	/** No client has to get it, unless one does. */
	void notExpected(int number) {
		if (isOfThisPhase(number) && this.seqs[number - this.before - 1] == UNKNOWN) {
			this.seqs[number - this.before - 1] = NOT_EXPECTED;
		}
	}

	boolean isOfThisPhase(int number) {
		return number > this.before && number <= this.published;
	}

	/**
	 * A subscriber got it.
	 * @return the number with which another one got it: the same, if all is well
	 */
	long got(int number, long seq) {
		int index = number - this.before - 1;
		if (this.seqs[index] <= UNKNOWN) {
			this.seqs[index] = seq;
			this.highest = Math.max(this.highest, seq);
		}
		return this.seqs[index];
	}

	/** Whether a client got each message that was published after this one. */
	boolean isKnownAfter(int number) {
		return unknownAfter(number) == 0;
	}

	/** Messages after this one that no client got. */
	int unknownAfter(int number) {
		int unknown = 0;
		for (int i = Math.max(0, number - this.before); i < this.published - this.before; i++) {
			unknown += (this.seqs[i] == UNKNOWN) ? 1 : 0;
		}
		return unknown;
	}

	/** The first message after this one that no client got; 0 if there is none. */
	int firstUnknownAfter(int number) {
		for (int i = Math.max(0, number - this.before); i < this.published - this.before; i++) {
			if (this.seqs[i] == UNKNOWN) {
				return this.before + i + 1;
			}
		}
		return 0;
	}

	/**
	 * The message that has the first of the server's numbers in this range; 0 if none.
	 */
	int firstBetween(long above, long below) {
		int first = 0;
		long lowest = below;
		for (int i = 0; i < this.published - this.before; i++) {
			if (this.seqs[i] > above && this.seqs[i] < lowest) {
				lowest = this.seqs[i];
				first = this.before + i + 1;
			}
		}
		return first;
	}

	/** Their numbers of the server's, in order. */
	long[] sorted() {
		return Arrays.stream(this.seqs, 0, this.published - this.before).filter((seq) -> seq > 0).sorted().toArray();
	}

	/** All messages are accounted for. */
	void beginPhase() {
		this.before = this.published;
		this.seqs = new long[16];
		this.highest = 0;
	}

}
