package dev.realtime.connection;

import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;

/**
 * What a connection has under one subscription id: one topic, or all topics of a pattern.
 */
sealed interface Subscription permits Subscriber, PatternSubscriber {

	/** Unique on its connection. */
	String id();

	/** Whether it is a subscription to this very topic. */
	boolean isOn(Topic topic);

	/** Whether it brings messages of a topic of the pattern, or might. */
	boolean mayBring(TopicPattern pattern);

	/** Returns what brings messages of a topic now, one for each topic. */
	List<Subscriber> subscribers();

	/**
	 * Moves its recoveries on as far as the queue has room. On the connection's shard.
	 */
	void continueReplay();

	/** Ends it; its connection knows it no longer. Any thread; never blocks. */
	void cancel();

}
