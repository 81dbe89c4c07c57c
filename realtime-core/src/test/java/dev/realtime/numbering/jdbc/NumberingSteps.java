package dev.realtime.numbering.jdbc;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.realtime.numbering.jdbc.NumberingWorld.Isolation;
import dev.realtime.numbering.jdbc.NumberingWorld.Kind;
import dev.realtime.numbering.jdbc.NumberingWorld.Publisher;
import dev.realtime.numbering.jdbc.NumberingWorld.Row;
import dev.realtime.numbering.jdbc.NumberingWorld.Stage;

/** All states that can follow one. */
final class NumberingSteps {

	private static final int ATTEMPTS = 2;

	/** Where it makes a difference that a publisher dies. */
	private static final Set<Stage> DYING = EnumSet.of(Stage.TAKEN, Stage.INSERTED, Stage.CHECKED, Stage.COMMITTED);

	private final NumberingWorld world;

	private final Set<NumberingModel.Broken> broken;

	private final BiConsumer<String, NumberingWorld> found;

	NumberingSteps(NumberingWorld world, Set<NumberingModel.Broken> broken, BiConsumer<String, NumberingWorld> found) {
		this.world = world;
		this.broken = broken;
		this.found = found;
	}

	private boolean lacks(NumberingModel.Broken rule) {
		return this.broken.contains(rule);
	}

	void all() {
		for (int i = 0; i < this.world.publishers().size(); i++) {
			publisher(i, this.world.publishers().get(i));
		}
		if (this.world.locker() < 0) {
			settle();
		}
		for (int seq = 1; seq <= NumberingWorld.NUMBERS; seq++) {
			makeVoid(seq);
		}
		fill();
		if (this.world.trimmed() < this.world.head()) {
			this.found.accept("trim", this.world.trim());
		}
		counter();
	}

	private void counter() {
		if (this.world.faults() == 0) {
			return;
		}
		if (this.world.counter() > 0) {
			this.found.accept("the counter falls behind", this.world.fault(0, this.world.away()));
		}
		if (this.world.counter() != NumberingWorld.FORGOTTEN) {
			this.found.accept("the counter forgets", this.world.fault(NumberingWorld.FORGOTTEN, this.world.away()));
		}
		if (!this.world.away()) {
			this.found.accept("the counter goes away", this.world.fault(this.world.counter(), true));
		}
		else {
			this.found.accept("the counter is back", this.world.fault(this.world.counter(), false));
		}
	}

	private void settle() {
		int settled = settled(-1);
		if (settled > this.world.head()) {
			this.found.accept("the head moves to " + settled, this.world.head(settled));
		}
	}

	private int settled(int publisher) {
		return lacks(NumberingModel.Broken.HEAD_SKIPS_HOLES) ? this.world.highest(publisher)
				: this.world.settled(publisher);
	}

	private void makeVoid(int seq) {
		if ((this.world.abandoned() & 1 << seq) == 0 || this.world.row(seq).kind() == Kind.OPEN) {
			return;
		}
		NumberingWorld looked = this.world.looked(seq);
		boolean free = seq > this.world.head() && this.world.row(seq).kind() == Kind.NONE;
		this.found.accept("what has become of " + seq + " is looked at",
				free ? looked.row(seq, new Row(Kind.VOID, -1)) : looked);
	}

	/** Waits for an open transaction that has one of the numbers. */
	private void fill() {
		int behind = this.world.behindHole();
		int first = this.world.settled(-1) + 1;
		if (behind == 0) {
			return;
		}
		if (lacks(NumberingModel.Broken.HOLE_WITHOUT_ROWS)) {
			this.found.accept("the head passes the hole", this.world.head(behind));
			return;
		}
		NumberingWorld next = this.world;
		for (int seq = first; seq < behind; seq++) {
			if (this.world.row(seq).kind() == Kind.OPEN) {
				return;
			}
			next = next.row(seq, new Row(Kind.VOID, -1));
		}
		this.found.accept("the hole from " + first + " is filled", next);
	}

	private void publisher(int i, Publisher publisher) {
		if (publisher.stage() == Stage.DONE) {
			return;
		}
		if (DYING.contains(publisher.stage())) {
			this.found.accept(i + " dies",
					ended(i, publisher, false).publisher(i, publisher.over(Stage.DONE, publisher.stored())));
		}
		switch (publisher.stage()) {
			case IDLE -> draft(i, publisher);
			case DRAFTED -> take(i, publisher);
			case TAKEN -> {
				if (lacks(NumberingModel.Broken.HEAD_CHECKED_FIRST)) {
					look(i, publisher);
				}
				else {
					insert(i, publisher);
				}
			}
			case LOOKED -> insert(i, publisher);
			case INSERTED -> check(i, publisher);
			case CHECKED -> end(i, publisher);
			case COMMITTED -> attempt(i, publisher);
			case TRIED -> this.found.accept(i + " announces " + publisher.seq(),
					this.world.announce(publisher.seq()).publisher(i, publisher.next()));
			default -> throw new IllegalStateException(publisher.stage().toString());
		}
	}

	private void draft(int i, Publisher publisher) {
		boolean sees = publisher.isolation() == Isolation.SNAPSHOT && publisher.attempts() > 0;
		int head = sees ? publisher.snapshot() : this.world.head();
		int highest = sees ? publisher.seen() : this.world.highest(i);
		this.found.accept(i + " drafts", this.world.publisher(i, publisher.drafted(head, highest)));
	}

	/** Removes the rows of a transaction that is rolled back. */
	private NumberingWorld ended(int i, Publisher publisher, boolean abandon) {
		NumberingWorld next = this.world;
		if (publisher.seq() > 0 && this.world.row(publisher.seq()).isOf(i)) {
			next = next.row(publisher.seq(), Row.NONE);
		}
		return (abandon && publisher.seq() > 0) ? next.abandon(publisher.seq()) : next;
	}

	private void take(int i, Publisher publisher) {
		if (publisher.attempts() == ATTEMPTS) {
			this.found.accept(i + " gives up", this.world.publisher(i, publisher.over(Stage.DONE, publisher.stored())));
			return;
		}
		int highest = (publisher.isolation() == Isolation.SNAPSHOT) ? publisher.seen() : this.world.highest(i);
		int above = Math.max(publisher.snapshot(),
				lacks(NumberingModel.Broken.NUMBERS_MAY_FALL) ? 0 : publisher.last());
		if (this.world.away()) {
			boolean free = this.world.locker() < 0 || this.world.locker() == i;
			int skip = (publisher.attempts() > 1) ? 1 << (publisher.attempts() - 2) : 0;
			int number = Math.max(Math.max(this.world.head(), highest), above + skip) + 1;
			if (free && number <= NumberingWorld.NUMBERS) {
				this.found.accept(i + " takes " + number + " from the log",
						this.world.publisher(i, publisher.taken(number, true)));
			}
			return;
		}
		boolean behind = this.world.counter() < above || publisher.attempts() > 0;
		int number = (behind ? Math.max(this.world.counter(), Math.max(above, highest)) : this.world.counter()) + 1;
		if (number <= NumberingWorld.NUMBERS) {
			this.found.accept(i + " takes " + number,
					this.world.counter(number).publisher(i, publisher.taken(number, publisher.locks())));
		}
	}

	/** The wrong way round. */
	private void look(int i, Publisher publisher) {
		boolean passed = this.world.head() >= publisher.seq();
		this.found.accept(i + " looks at the head",
				passed ? this.world.abandon(publisher.seq()).publisher(i, publisher.again())
						: this.world.publisher(i, publisher.at(Stage.LOOKED)));
	}

	private void insert(int i, Publisher publisher) {
		int seq = publisher.seq();
		Row row = this.world.row(seq);
		if (row.kind() == Kind.OPEN && !lacks(NumberingModel.Broken.COUNTER_DECIDES)) {
			return;
		}
		if (row.isCommitted() && !lacks(NumberingModel.Broken.COUNTER_DECIDES)) {
			this.found.accept(i + " finds " + seq + " taken", this.world.abandon(seq).publisher(i, publisher.again()));
			return;
		}
		if (row.kind() == Kind.MESSAGE || row.kind() == Kind.OPEN) {
			this.found.accept(i + " overwrites " + seq, this.world.wrong(seq + " is used twice"));
			return;
		}
		this.found.accept(i + " inserts " + seq,
				this.world.row(seq, new Row(Kind.OPEN, i)).publisher(i, publisher.at(Stage.INSERTED)));
	}

	private void check(int i, Publisher publisher) {
		int seq = publisher.seq();
		boolean own = publisher.isolation() == Isolation.OWN;
		boolean free = this.world.locker() < 0 || this.world.locker() == i;
		boolean old = publisher.isolation() == Isolation.SNAPSHOT && lacks(NumberingModel.Broken.HEAD_OF_SNAPSHOT);
		int head = old ? publisher.snapshot() : this.world.head();
		boolean passed = head >= seq && !lacks(NumberingModel.Broken.HEAD_NOT_CHECKED)
				&& !lacks(NumberingModel.Broken.HEAD_CHECKED_FIRST);
		if (passed) {
			this.found.accept(i + " cannot have " + seq, ended(i, publisher, true).publisher(i, publisher.again()));
			return;
		}
		NumberingWorld next = this.world.publisher(i, publisher.at(Stage.CHECKED));
		if (own && free) {
			this.found.accept(i + " locks the head", this.world.publisher(i, publisher.at(Stage.CHECKED).locked()));
		}
		else {
			this.found.accept(i + " passes over the head", next);
		}
	}

	private void end(int i, Publisher publisher) {
		int seq = publisher.seq();
		boolean moves = publisher.isolation() == Isolation.OWN && publisher.locks();
		NumberingWorld committed = this.world.row(seq, new Row(Kind.MESSAGE, -1))
			.head(moves ? settled(i) : this.world.head())
			.publisher(i, publisher.over(moves ? Stage.TRIED : Stage.COMMITTED, seq));
		if (this.world.head() >= seq) {
			committed = committed.wrong(seq + " is committed behind the head");
		}
		else if (publisher.stored() >= seq) {
			committed = committed.wrong(seq + " comes after " + publisher.stored());
		}
		this.found.accept(i + " commits " + seq, committed);
		this.found.accept(i + " rolls back",
				ended(i, publisher, true).publisher(i, publisher.over(Stage.DONE, publisher.stored())));
	}

	/** What is locked stays in the outbox, whose poll tries again. */
	private void attempt(int i, Publisher publisher) {
		Publisher tried = publisher.at(Stage.TRIED);
		if (lacks(NumberingModel.Broken.ANNOUNCED_FIRST)) {
			this.found.accept(i + " does not look", this.world.publisher(i, tried));
		}
		else if (this.world.locker() < 0) {
			int settled = settled(-1);
			this.found.accept(i + " moves the head to " + settled, this.world.head(settled).publisher(i, tried));
		}
	}

}
