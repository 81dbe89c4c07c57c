package dev.realtime.hub;

import java.time.Duration;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * When a feed reads what it lacks from the log: one read at a time, again after a
 * failure, and not in vain while the log has nothing new to give. Everything here is
 * guarded by the feed's lock, which callers hold.
 */
final class LogReads {

	private static final long FIRST_DELAY_MILLIS = 100;

	private static final int MAX_DOUBLINGS = 5;

	private final Hub hub;

	private final TopicFeed feed;

	/** One read of the log at a time. */
	private boolean underWay;

	/** Something was learned while a read was on its way: read once more. */
	private boolean checkAgain;

	private int failures;

	/**
	 * The log gives nothing before what is held: a number there is not settled. Then only
	 * the missing message, news of the head, or the clock make the feed read again.
	 */
	private boolean unsettled;

	/** How many reads in a row brought nothing. */
	private int vain;

	LogReads(Hub hub, TopicFeed feed) {
		this.hub = hub;
		this.feed = feed;
	}

	boolean areUnderWay() {
		return this.underWay;
	}

	boolean isUnsettled() {
		return this.unsettled;
	}

	/** Whether the last one failed and the next one has not answered. */
	boolean areBehind() {
		return this.underWay && this.failures > 0;
	}

	/**
	 * Reads, now or once more after the read under way.
	 * @param after the feed's position
	 */
	void want(@Nullable Position after) {
		if (this.underWay) {
			this.checkAgain = true;
			return;
		}
		this.underWay = true;
		read(after);
	}

	/** Gives up: the feed is closed. */
	void end() {
		this.underWay = false;
	}

	/** An answer came, other than a page. */
	void failed() {
		this.hub.later(delay(), this.feed::readAgain);
	}

	/** Reads again after a failure. */
	void again(@Nullable Position after) {
		read(after);
	}

	/** How long to wait before the next attempt: longer after each failure in a row. */
	Duration delay() {
		return Duration.ofMillis(FIRST_DELAY_MILLIS << Math.min(this.failures++, MAX_DOUBLINGS));
	}

	void succeeded() {
		this.failures = 0;
	}

	/**
	 * A page was delivered.
	 * @param moved whether the feed's position is another now
	 * @param more whether the log, or what is held, has more
	 * @param after that position
	 */
	void delivered(boolean moved, boolean more, @Nullable Position after) {
		this.failures = 0;
		this.vain = moved ? 0 : this.vain + 1;
		if (!more && !this.checkAgain) {
			this.underWay = false;
			this.vain = 0;
		}
		else if (moved || (this.vain == 1 && this.checkAgain)) {
			read(after);
		}
		else {
			awaitSettled();
		}
	}

	/** The missing message came by itself. */
	void settled() {
		this.vain = 0;
		this.unsettled = false;
	}

	private void read(@Nullable Position after) {
		this.checkAgain = false;
		this.unsettled = false;
		if (after != null) {
			this.hub.listen(this.hub.calls.read(this.feed.topic(), after, this.hub.options.pageSize()),
					this.feed::onPage);
		}
	}

	/** Reading again at once would bring nothing again. */
	private void awaitSettled() {
		this.underWay = false;
		this.unsettled = true;
		int read = this.vain;
		long delay = FIRST_DELAY_MILLIS << Math.min(read - 1, MAX_DOUBLINGS);
		this.hub.later(Duration.ofMillis(delay), () -> this.feed.readUnlessSettled(read));
	}

	/** Whether nothing has settled since so many reads in vain. */
	boolean isStillUnsettled(int read) {
		return this.unsettled && this.vain == read;
	}

}
