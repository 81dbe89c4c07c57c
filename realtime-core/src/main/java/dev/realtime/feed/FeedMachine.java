package dev.realtime.feed;

import java.time.Duration;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.Gap;
import dev.realtime.delivery.MissingRange;
import dev.realtime.feed.FeedState.Closed;
import dev.realtime.feed.FeedState.InStep;
import dev.realtime.feed.FeedState.Opening;
import dev.realtime.feed.FeedState.Reading;
import dev.realtime.feed.FeedState.Unsettled;
import dev.realtime.journey.Hold;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one topic in order, drops duplicates and fills holes from the log
 * (rules 3 and 7). A pure state machine: an event changes the {@link FeedState} and calls
 * {@link FeedEffects}; there is no I/O, clock, thread or lock in it. The caller passes
 * one event at a time.
 * <p>
 * {@link FeedEffects#open} and {@link FeedEffects#read} are the last thing that an event
 * does, so that either may be answered from within. A message in step allocates nothing
 * here.
 */
final class FeedMachine {

	private static final long FIRST_DELAY_MILLIS = 100;

	private static final int MAX_DOUBLINGS = 5;

	private static final FeedState IN_STEP = new InStep();

	private static final FeedState CLOSED = new Closed();

	private final FeedEffects effects;

	/** Messages behind a hole, or that came before the feed was open. */
	private final HeldMessages held = new HeldMessages();

	private FeedState state = new Opening(null, 0);

	/** What was handed over last; null while opening. */
	private @Nullable Position position;

	/** Why the log is read, or was read last. */
	private RepairCause cause = RepairCause.OPENING;

	/** What it is called when a message comes before the ones in front of it. */
	private RepairCause causeAhead = RepairCause.HOLE;

	/** The timer that counts; earlier ones are ignored. */
	private long timer;

	FeedMachine(FeedEffects effects) {
		this.effects = effects;
	}

	FeedState state() {
		return this.state;
	}

	/** What was handed over last; null while opening. */
	@Nullable Position position() {
		return this.position;
	}

	/** Whether the last read failed and the next one has not answered. */
	boolean isBehind() {
		return this.state instanceof Reading reading && reading.failures() > 0;
	}

	/** The feed is used for the first time. */
	void open() {
		if (this.state instanceof Opening opening) {
			this.effects.open(opening.start());
		}
	}

	void close() {
		this.state = CLOSED;
		List<TopicMessage> unused = this.held.clear();
	}

	/**
	 * Relay and log have answered.
	 * @param start where live starts, or null when the log has failed
	 * @param subscribed whether the relay has confirmed
	 */
	void onOpenAnswer(@Nullable Position start, boolean subscribed) {
		if (!(this.state instanceof Opening opening)) {
			return;
		}
		if (start == null || !subscribed) {
			this.state = new Opening(start, opening.failures() + 1);
			wakeAfter(opening.failures());
			return;
		}
		this.state = IN_STEP;
		this.position = start;
		List<TopicMessage> early = this.held.clear();
		this.effects.opened(start);
		this.causeAhead = RepairCause.OPENING;
		early.forEach(this::onMessage);
		this.causeAhead = RepairCause.HOLE;
		// Announcements before the relay has confirmed may have been missed.
		check(RepairCause.OPENING);
	}

	/** The relay brought a message. */
	void onMessage(TopicMessage message) {
		Position last = this.position;
		if (last == null) {
			if (this.state instanceof Opening) {
				this.held.hold(message);
			}
		}
		else if (!message.position().sameEpoch(last)) {
			// A new life of the numbering, or a straggler of an old one: the log knows.
			check(RepairCause.EPOCH);
		}
		else if (message.seq() == last.seq() + 1 && this.state == IN_STEP) {
			deliver(message, last);
		}
		else if (message.seq() > last.seq()) {
			onMessageAhead(message, last);
		}
	}

	/** Why the message is not delivered yet; null if it is, or never will be. */
	@Nullable Hold hold(TopicMessage message) {
		Position last = this.position;
		if (last == null) {
			return new Hold(true, false, 0);
		}
		if (!message.position().sameEpoch(last)) {
			return new Hold(false, true, 0);
		}
		long before = message.seq() - last.seq() - 1;
		return (before >= 0) ? new Hold(false, false, before - this.held.countBelow(message.seq())) : null;
	}

	private void onMessageAhead(TopicMessage message, Position last) {
		if (this.state instanceof Unsettled) {
			if (message.seq() == last.seq() + 1) {
				// The missing message: what is held may follow it.
				this.state = IN_STEP;
				deliver(message, last);
				if (!deliverHeld()) {
					check(RepairCause.HOLE);
				}
			}
			else {
				this.held.hold(message);
			}
		}
		else if (!(this.state instanceof Closed)) {
			this.held.hold(message);
			check(this.causeAhead);
		}
	}

	/**
	 * The log's latest position is known.
	 * @param cause why it was asked for
	 */
	void onHead(Position head, RepairCause cause) {
		Position last = this.position;
		if (last != null && (!head.sameEpoch(last) || head.seq() > last.seq())) {
			check(cause);
		}
	}

	/**
	 * Reads the log: now, or once more after the read that is under way. What made the
	 * feed read first stays the cause until nothing more is known to be missing.
	 */
	void check(RepairCause why) {
		if (this.state instanceof Reading reading) {
			if (!reading.again()) {
				this.state = new Reading(reading.failures(), reading.fruitless(), true);
			}
		}
		else if (this.state instanceof Unsettled unsettled) {
			read(0, unsettled.fruitless());
		}
		else if (this.state instanceof InStep) {
			this.cause = why;
			read(0, 0);
		}
	}

	/** The log has answered a read. */
	void onPage(LogPage page) {
		Position last = this.position;
		if (!(this.state instanceof Reading reading) || last == null) {
			return;
		}
		boolean more = true;
		boolean handedOver = false;
		try {
			if (page instanceof LogPage.Found found) {
				more = !fill(found, last);
			}
			else if (page instanceof LogPage.Lost lost) {
				skip(lost, last);
			}
			handedOver = true;
		}
		finally {
			if (!handedOver) {
				// The next hole, or the next comparison, makes it read again.
				this.state = IN_STEP;
			}
		}
		answered(reading, !last.equals(this.position), more);
	}

	private void answered(Reading reading, boolean moved, boolean more) {
		int fruitless = moved ? 0 : reading.fruitless() + 1;
		if (!more && !reading.again()) {
			this.state = IN_STEP;
		}
		else if (moved || (fruitless == 1 && reading.again())) {
			read(0, fruitless);
		}
		else {
			// Reading again at once would bring nothing again.
			this.state = new Unsettled(fruitless);
			wakeAfter(fruitless - 1);
		}
	}

	/** A read has failed; it is repeated later. */
	void onReadFailed() {
		if (this.state instanceof Reading reading) {
			this.state = new Reading(reading.failures() + 1, reading.fruitless(), reading.again());
			wakeAfter(reading.failures());
		}
	}

	/** The time of a timer is over. */
	void onTimer(long timer) {
		if (timer != this.timer) {
			return;
		}
		if (this.state instanceof Opening) {
			open();
		}
		else if (this.state instanceof Reading reading) {
			read(reading.failures(), reading.fruitless());
		}
		else if (this.state instanceof Unsettled) {
			check(this.cause);
		}
	}

	private void read(int failures, int fruitless) {
		Position after = this.position;
		if (after != null) {
			this.timer++;
			this.state = new Reading(failures, fruitless, false);
			this.effects.read(after);
		}
	}

	/** Waits the longer the more attempts in a row have brought nothing. */
	private void wakeAfter(int attempts) {
		this.timer++;
		this.effects.wakeAfter(Duration.ofMillis(FIRST_DELAY_MILLIS << Math.min(attempts, MAX_DOUBLINGS)), this.timer);
	}

	private void deliver(TopicMessage message, Position last) {
		this.position = message.position();
		this.effects.deliver(message, last);
	}

	/**
	 * Delivers what was missing, then what was held behind it.
	 * @return whether nothing further is known of
	 */
	private boolean fill(LogPage.Found page, Position first) {
		Position last = first;
		int delivered = 0;
		for (TopicMessage message : page.messages()) {
			if (message.seq() > last.seq()) {
				deliver(message, last);
				last = message.position();
				delivered++;
			}
		}
		if (delivered > 0) {
			this.effects.repaired(this.cause, last, delivered);
		}
		// Behind the position that stands for having no numbering, one may have begun.
		if (page.through().seq() > last.seq() || !page.through().sameEpoch(last)) {
			this.position = page.through();
			this.effects.moveTo(page.through());
		}
		return deliverHeld() && !page.hasMore();
	}

	/**
	 * Delivers what is held right behind the position.
	 * @return whether nothing further is known of
	 */
	private boolean deliverHeld() {
		Position last = this.position;
		if (last == null) {
			return true;
		}
		for (TopicMessage next = this.held.take(last.seq() + 1); next != null; next = this.held.take(last.seq() + 1)) {
			deliver(next, last);
			last = next.position();
		}
		return !this.held.hasAbove(last.seq());
	}

	/** Announces what the log no longer has, and goes on behind it. */
	private void skip(LogPage.Lost page, Position last) {
		Position next;
		long from;
		if (page.head().sameEpoch(last) && page.reason() == LogPage.Reason.EXPIRED) {
			from = last.seq() + 1;
			next = last.withSeq(Math.max(last.seq(), page.first() - 1));
			if (next.seq() < from) {
				return;
			}
		}
		else {
			from = 1;
			next = page.head().sameEpoch(last) ? page.head() : page.head().withSeq(0);
			List<TopicMessage> unused = this.held.clear();
		}
		this.position = next;
		this.effects.missing(new MissingRange(next.epoch(), from, next.seq(),
				next.sameEpoch(last) ? Gap.EXPIRED : Gap.EPOCH_CHANGED), last, page);
	}

}
