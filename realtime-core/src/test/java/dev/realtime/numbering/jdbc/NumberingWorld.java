package dev.realtime.numbering.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All there is of one topic: its row, its messages' rows, the counter and the publishers.
 *
 * @param head the committed {@code last_seq}
 * @param trimmed the highest number whose row is gone
 * @param rows the row of each number from 1 on
 * @param counter the last number that the counter gave, or {@link #FORGOTTEN}
 * @param away whether the counter cannot be reached
 * @param abandoned the numbers that are to be made void, a bit each
 * @param announced the numbers that subscribers have heard of, a bit each
 * @param faults how many more things may go wrong
 * @param publishers those who publish
 * @param wrong which rule is broken, or null
 */
record NumberingWorld(int head, int trimmed, List<Row> rows, int counter, boolean away, int abandoned, int announced,
		int faults, List<Publisher> publishers, @Nullable String wrong) {

	static final int FORGOTTEN = -1;

	/** The highest number of this world. */
	static final int NUMBERS = 5;

	static NumberingWorld start(int faults, List<Publisher> publishers) {
		return new NumberingWorld(0, 0, Collections.nCopies(NUMBERS, Row.NONE), 0, false, 0, 0, faults, publishers,
				null);
	}

	Row row(int seq) {
		return this.rows.get(seq - 1);
	}

	/** The publisher that holds the lock of the topic's row, or -1. */
	int locker() {
		for (int i = 0; i < this.publishers.size(); i++) {
			if (this.publishers.get(i).locks) {
				return i;
			}
		}
		return -1;
	}

	/** The highest number that a transaction sees: what is committed, and its own. */
	int highest(int publisher) {
		int highest = this.head;
		for (int seq = 1; seq <= NUMBERS; seq++) {
			Row row = row(seq);
			highest = (row.isCommitted() || row.isOf(publisher)) ? Math.max(highest, seq) : highest;
		}
		return highest;
	}

	/**
	 * How far the head can be moved by a transaction.
	 * @param publisher whose rows count as well, or -1
	 */
	int settled(int publisher) {
		int settled = this.head;
		while (settled < NUMBERS && (row(settled + 1).isCommitted() || row(settled + 1).isOf(publisher))) {
			settled++;
		}
		return settled;
	}

	/** The first number beyond the hole behind the head, or 0 when there is no hole. */
	int behindHole() {
		for (int seq = settled(-1) + 2; seq <= NUMBERS; seq++) {
			if (row(seq).isCommitted()) {
				return seq;
			}
		}
		return 0;
	}

	NumberingWorld head(int next) {
		return new NumberingWorld(next, this.trimmed, this.rows, this.counter, this.away, this.abandoned,
				this.announced, this.faults, this.publishers, this.wrong);
	}

	/** Removes the rows of all numbers up to the head. */
	NumberingWorld trim() {
		NumberingWorld next = this;
		for (int seq = this.trimmed + 1; seq <= this.head; seq++) {
			next = next.row(seq, Row.NONE);
		}
		return new NumberingWorld(this.head, this.head, next.rows, this.counter, this.away, this.abandoned,
				this.announced, this.faults, this.publishers, this.wrong);
	}

	NumberingWorld row(int seq, Row row) {
		List<Row> next = new ArrayList<>(this.rows);
		next.set(seq - 1, row);
		return new NumberingWorld(this.head, this.trimmed, List.copyOf(next), this.counter, this.away, this.abandoned,
				this.announced, this.faults, this.publishers, this.wrong);
	}

	NumberingWorld counter(int next) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, next, this.away, this.abandoned, this.announced,
				this.faults, this.publishers, this.wrong);
	}

	NumberingWorld fault(int counter, boolean away) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, counter, away, this.abandoned, this.announced,
				this.faults - 1, this.publishers, this.wrong);
	}

	NumberingWorld abandon(int seq) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, this.counter, this.away,
				this.abandoned | 1 << seq, this.announced, this.faults, this.publishers, this.wrong);
	}

	NumberingWorld looked(int seq) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, this.counter, this.away,
				this.abandoned & ~(1 << seq), this.announced, this.faults, this.publishers, this.wrong);
	}

	NumberingWorld announce(int seq) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, this.counter, this.away, this.abandoned,
				this.announced | 1 << seq, this.faults, this.publishers, this.wrong);
	}

	NumberingWorld publisher(int index, Publisher publisher) {
		List<Publisher> next = new ArrayList<>(this.publishers);
		next.set(index, publisher);
		return new NumberingWorld(this.head, this.trimmed, this.rows, this.counter, this.away, this.abandoned,
				this.announced, this.faults, List.copyOf(next), this.wrong);
	}

	NumberingWorld wrong(String rule) {
		return new NumberingWorld(this.head, this.trimmed, this.rows, this.counter, this.away, this.abandoned,
				this.announced, this.faults, this.publishers, rule);
	}

	/** What a number's key has in {@code realtime_message}. */
	enum Kind {

		NONE, VOID, MESSAGE, OPEN

	}

	/**
	 * The row of a number.
	 *
	 * @param owner the publisher whose transaction is open, or -1
	 */
	record Row(Kind kind, int owner) {

		static final Row NONE = new Row(Kind.NONE, -1);

		boolean isCommitted() {
			return this.kind == Kind.VOID || this.kind == Kind.MESSAGE;
		}

		boolean isOf(int publisher) {
			return this.kind == Kind.OPEN && this.owner == publisher;
		}

	}

	/** Whose transaction stores the messages. */
	enum Isolation {

		/** The engine's own, which moves the head itself. */
		OWN,

		/** The application's, with READ COMMITTED. */
		COMMITTED,

		/** The application's, which sees what was committed when it began. */
		SNAPSHOT

	}

	/** How far a publication has come. */
	enum Stage {

		IDLE, DRAFTED, TAKEN, LOOKED, INSERTED, CHECKED, COMMITTED, TRIED, DONE

	}

	/**
	 * A publisher on a node of its own, one message after the other.
	 *
	 * @param left how many more messages it has
	 * @param seq the number that it has now
	 * @param last the highest number that its node has had
	 * @param attempts how often it has taken a number for this message
	 * @param snapshot the head that its transaction sees, where that does not change
	 * @param seen the highest number that its transaction sees likewise
	 * @param locks whether it holds the lock of the topic's row
	 * @param stored the number of its message before
	 */
	record Publisher(Isolation isolation, Stage stage, int left, int seq, int last, int attempts, int snapshot,
			int seen, boolean locks, int stored) {

		static Publisher of(Isolation isolation, int messages) {
			return new Publisher(isolation, Stage.IDLE, messages, 0, 0, 0, 0, 0, false, 0);
		}

		Publisher at(Stage next) {
			return new Publisher(this.isolation, next, this.left, this.seq, this.last, this.attempts, this.snapshot,
					this.seen, this.locks, this.stored);
		}

		Publisher drafted(int head, int highest) {
			return new Publisher(this.isolation, Stage.DRAFTED, this.left, 0, this.last, this.attempts, head, highest,
					this.locks, this.stored);
		}

		Publisher taken(int number, boolean locking) {
			return new Publisher(this.isolation, Stage.TAKEN, this.left, number, Math.max(this.last, number),
					this.attempts + 1, this.snapshot, this.seen, locking, this.stored);
		}

		Publisher locked() {
			return new Publisher(this.isolation, this.stage, this.left, this.seq, this.last, this.attempts,
					this.snapshot, this.seen, true, this.stored);
		}

		/** Another number is to be taken: the engine's own transaction begins again. */
		Publisher again() {
			boolean locking = this.locks && this.isolation != Isolation.OWN;
			return new Publisher(this.isolation, Stage.IDLE, this.left, 0, this.last, this.attempts, this.snapshot,
					this.seen, locking, this.stored);
		}

		/** Its transaction is over. */
		Publisher over(Stage next, int number) {
			return new Publisher(this.isolation, next, this.left, this.seq, this.last, this.attempts, this.snapshot,
					this.seen, false, number);
		}

		/** The next message, if there is one. */
		Publisher next() {
			return new Publisher(this.isolation, (this.left > 1) ? Stage.IDLE : Stage.DONE, this.left - 1, 0, this.last,
					0, 0, 0, false, this.stored);
		}

	}

}
