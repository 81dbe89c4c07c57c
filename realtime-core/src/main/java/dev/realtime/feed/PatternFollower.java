package dev.realtime.feed;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a pattern, as the pattern's feed knows it. Safe for any number of
 * threads; no method blocks or throws. Internal to the engine.
 */
public interface PatternFollower {

	/** Whether it has ended: it follows nothing any more. */
	boolean hasEnded();

	/** Its feed is in force, or it has left before; idempotent. */
	void opened();

	/** Its feed has not opened in time. */
	void unavailable();

	/**
	 * Notes the positions that the client has named. Called before any other topic is
	 * named: what is noted first of a topic counts.
	 */
	void resume();

	/** Answers the client and begins to follow topics. Called once. */
	void begin();

	/**
	 * Follows a topic, unless it is followed already or the client may not read it.
	 * @param resume the position behind which it begins, or null for where live is
	 */
	void follow(Topic topic, @Nullable Position resume);

	/** Follows a topic no longer that has been quiet. */
	void forget(Topic topic);

	/** A message does not come because too many topics are followed. */
	void leftOut(TopicMessage message);

	/** Messages of topics that it does not follow may have been missed. */
	void missedTopics();

}
