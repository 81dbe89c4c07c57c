package dev.realtime.feed;

import java.time.Duration;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.MissingRange;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FeedMachine} asks for. Each method is called by the event that caused it,
 * in the order in which the effects take place. {@link #open} and {@link #read} may be
 * answered before they return.
 */
interface FeedEffects {

	/**
	 * Subscribes to the relay and, unless it is known, asks the log where live starts.
	 * Answered once by {@link FeedMachine#onOpenAnswer}.
	 */
	void open(@Nullable Position start);

	/** Live starts at the position: subscribers may begin. */
	void opened(Position start);

	/** Hands over a message, which follows the previous position directly. */
	void deliver(TopicMessage message, Position previous);

	/** Hands over that the numbers up to the position carry no message. */
	void moveTo(Position position);

	/**
	 * Hands over that a range does not come.
	 * @param range the numbers, and why
	 * @param last where the feed was before
	 * @param page what the log has answered
	 */
	void missing(MissingRange range, Position last, LogPage.Lost page);

	/**
	 * A hole was filled from the log.
	 * @param cause what made the feed read it
	 * @param last the last message that it had
	 * @param messages how many it had
	 */
	void repaired(RepairCause cause, Position last, int messages);

	/**
	 * Reads the log behind a position. Answered once by {@link FeedMachine#onPage} or
	 * {@link FeedMachine#onReadFailed}.
	 */
	void read(Position after);

	/**
	 * Calls {@link FeedMachine#onTimer} after the delay.
	 * @param timer to be given back
	 */
	void wakeAfter(Duration delay, long timer);

}
