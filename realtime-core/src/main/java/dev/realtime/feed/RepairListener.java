package dev.realtime.feed;

import dev.realtime.Position;
import dev.realtime.Topic;

/** Told of each hole that a feed of this node has filled from the log. */
@FunctionalInterface
public interface RepairListener {

	/**
	 * Messages that the relay had not brought were read and handed over. Called with the
	 * topic's lock held: must be quick, never block.
	 * @param cause what made the feed read the log
	 * @param last the position of the last one
	 * @param messages how many
	 * @param nanos from when the log was asked until then
	 */
	void repaired(Topic topic, RepairCause cause, Position last, int messages, long nanos);

}
