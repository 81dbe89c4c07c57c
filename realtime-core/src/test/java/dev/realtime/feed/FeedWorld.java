package dev.realtime.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.MissingRange;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link FeedMachine} with a model of its log, relay and timer, which check rules 3, 4
 * and 7 with each effect: what is handed over is contiguous, each number is accounted for
 * once, and a gap is announced only for what the log has lost.
 */
final class FeedWorld implements FeedEffects {

	private static final Topic TOPIC = Topic.of("room.1");

	private static final int PAGE = 2;

	final FeedMachine machine = new FeedMachine(this);

	/** What was handed over, in order: numbers, gaps, moves. */
	final List<String> handedOver = new ArrayList<>();

	final List<Duration> delays = new ArrayList<>();

	/** What the log keeps, by number. */
	private final TreeMap<Long, TopicMessage> kept = new TreeMap<>();

	private final ArrayDeque<TopicMessage> announced = new ArrayDeque<>();

	private String epoch = "e1";

	/** The latest number. */
	private long head;

	/** The lowest number that was not trimmed. */
	private long first = 1;

	/** The number that is taken but not stored; 0 for none. */
	private long unsettled;

	private @Nullable Position start;

	@Nullable Position opening;

	boolean openAsked;

	@Nullable Position reading;

	/** All timers that are not over, the oldest first. */
	private final ArrayDeque<Long> timers = new ArrayDeque<>();

	/** Where the subscribers are. */
	private @Nullable Position position;

	int repairs;

	@Nullable RepairCause cause;

	FeedWorld() {
		this.machine.open();
	}

	// What happens.

	/** Stores a message; the relay has not brought it yet. */
	void publish() {
		this.head++;
		store(this.head);
	}

	/** Takes a number whose message is stored later, or never. */
	void takeNumber() {
		if (this.unsettled == 0) {
			this.unsettled = ++this.head;
		}
	}

	/** The number that was taken gets its message. */
	void storeTaken() {
		if (this.unsettled != 0) {
			store(this.unsettled);
			this.unsettled = 0;
		}
	}

	/** The number that was taken never gets a message. */
	void voidTaken() {
		this.unsettled = 0;
	}

	private void store(long seq) {
		TopicMessage message = message(seq);
		this.kept.put(seq, message);
		this.announced.add(message);
	}

	/** The relay brings the oldest announcement. */
	void bring() {
		if (!this.announced.isEmpty()) {
			this.machine.onMessage(this.announced.remove());
		}
	}

	/** The relay brings the newest announcement ahead of the others. */
	void bringNewest() {
		if (!this.announced.isEmpty()) {
			this.machine.onMessage(this.announced.removeLast());
		}
	}

	/** The relay brings what it has brought before, or will bring again. */
	void bringTwice() {
		if (!this.announced.isEmpty()) {
			this.machine.onMessage(this.announced.element());
		}
	}

	/** The relay loses the oldest announcement. */
	void lose() {
		this.announced.poll();
	}

	/** Retention removes the oldest message. */
	void trim() {
		if (!this.kept.isEmpty() && this.unsettled == 0) {
			this.first = this.kept.pollFirstEntry().getKey() + 1;
		}
	}

	/** The numbering begins anew; stragglers of the old one are still to come. */
	void restart() {
		this.epoch = "e" + (Integer.parseInt(this.epoch.substring(1)) + 1);
		this.kept.clear();
		this.head = 0;
		this.first = 1;
		this.unsettled = 0;
	}

	void openAnswered(boolean log, boolean relay) {
		if (this.openAsked) {
			this.openAsked = false;
			Position known = (this.opening != null) ? this.opening : (log ? head() : null);
			if (known != null) {
				this.start = known;
			}
			this.machine.onOpenAnswer(known, relay);
		}
	}

	void readAnswered() {
		Position after = this.reading;
		if (after != null) {
			this.reading = null;
			this.machine.onPage(page(after));
		}
	}

	void readFailed() {
		if (this.reading != null) {
			this.reading = null;
			this.machine.onReadFailed();
		}
	}

	/** The oldest timer is over, also when the machine has no use for it any more. */
	void timeIsOver() {
		Long due = this.timers.poll();
		if (due != null) {
			this.machine.onTimer(due);
		}
	}

	void compare() {
		this.machine.onHead(head(), RepairCause.COMPARISON);
	}

	/**
	 * Log and timer answer until nothing happens any more, after a last comparison: then
	 * everything has to be accounted for, although the relay brings nothing.
	 */
	void settle() {
		voidTaken();
		this.announced.clear();
		for (int i = 0; i < 50; i++) {
			compare();
			openAnswered(true, true);
			readAnswered();
			for (int j = this.timers.size(); j > 0; j--) {
				timeIsOver();
			}
		}
		assertThat(this.machine.state()).isEqualTo(new FeedState.InStep());
		assertThat(this.position).as("the end of %s", this.handedOver).isEqualTo(head());
		assertThat(this.machine.position()).isEqualTo(head());
	}

	private Position head() {
		return new Position(this.epoch, this.head);
	}

	private LogPage page(Position after) {
		if (!after.epoch().equals(this.epoch)) {
			return new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head(), this.first);
		}
		if (after.seq() + 1 < this.first) {
			return new LogPage.Lost(LogPage.Reason.EXPIRED, head(), this.first);
		}
		long settled = (this.unsettled != 0) ? this.unsettled - 1 : this.head;
		List<TopicMessage> found = new ArrayList<>();
		for (long seq = after.seq() + 1; seq <= settled && found.size() < PAGE; seq++) {
			TopicMessage message = this.kept.get(seq);
			if (message != null) {
				found.add(message);
			}
		}
		boolean more = found.size() == PAGE && found.get(PAGE - 1).seq() < settled;
		long through = more ? found.get(PAGE - 1).seq() : settled;
		return new LogPage.Found(found, after.withSeq(Math.max(after.seq(), through)), head(), more);
	}

	TopicMessage message(long seq) {
		return new TopicMessage(TOPIC, new Position(this.epoch, seq), 0, null, Content.text("m" + seq), null, 0);
	}

	// What the machine asks for.

	@Override
	public void open(@Nullable Position start) {
		assertThat(this.openAsked).as("one attempt at a time").isFalse();
		assertThat(start).as("the first answer counts").isEqualTo(this.start);
		this.openAsked = true;
		this.opening = start;
	}

	@Override
	public void opened(Position start) {
		assertThat(this.position).isNull();
		assertThat(start).isEqualTo(this.start);
		this.position = start;
	}

	@Override
	public void deliver(TopicMessage message, Position previous) {
		assertThat(previous).as("the order of %s", this.handedOver).isEqualTo(this.position);
		assertThat(message.position().epoch()).isEqualTo(previous.epoch());
		assertThat(message.seq()).isGreaterThan(previous.seq());
		assertCarriesNothing(previous.seq() + 1, message.seq() - 1);
		this.position = message.position();
		this.handedOver.add(Long.toString(message.seq()));
	}

	@Override
	public void moveTo(Position to) {
		Position from = this.position;
		assertThat(from).isNotNull();
		assertCarriesNothing(from.seq() + 1, to.seq());
		this.position = to;
		this.handedOver.add("to " + to.seq());
	}

	@Override
	public void missing(MissingRange range, Position last, LogPage.Lost page) {
		assertThat(last).isEqualTo(this.position);
		boolean expired = range.epoch().equals(last.epoch());
		assertThat(range.reason()).isEqualTo(expired ? "expired" : "epoch-changed");
		assertThat(range.from()).isEqualTo(expired ? last.seq() + 1 : 1);
		assertCarriesNothing(range.from(), range.to());
		this.position = new Position(range.epoch(), range.to());
		this.handedOver.add("gap " + range.from() + "-" + range.to() + " " + range.reason());
	}

	/** What is passed over is neither kept by the log nor still to be stored. */
	private void assertCarriesNothing(long from, long to) {
		for (long seq = from; seq <= to; seq++) {
			assertThat(this.kept).as("what is passed over after %s", this.handedOver).doesNotContainKey(seq);
			assertThat(seq).as("what is passed over").isNotEqualTo(this.unsettled);
		}
	}

	@Override
	public void repaired(RepairCause cause, Position last, int messages) {
		this.repairs++;
		this.cause = cause;
	}

	@Override
	public void read(Position after) {
		assertThat(this.reading).as("one read at a time").isNull();
		assertThat(after).isEqualTo(this.position);
		this.reading = after;
	}

	@Override
	public void wakeAfter(Duration delay, long timer) {
		this.delays.add(delay);
		this.timers.add(timer);
	}

}
