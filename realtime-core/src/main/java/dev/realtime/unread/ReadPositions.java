package dev.realtime.unread;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Up to which message each user has read each topic, and so how many are unread: the
 * topic's last number, less the one read, less the voids and the user's own messages in
 * between. What that costs does not depend on how many messages there are, and the number
 * stays right when messages are trimmed. Of a topic that a user never opened everything
 * is unread that was published in its epoch.
 * <p>
 * Safe for any number of threads; nothing blocks. Stages fail when the store is away or
 * too many calls wait for it. User names have 1 to {@value #MAX_USER_LENGTH} characters.
 */
public interface ReadPositions {

	/** Most topics that one call may ask about. */
	int MAX_TOPICS = 100;

	/** Most users that one call may ask about. */
	int MAX_USERS = 500;

	/** Most pairs of a user and a topic that one call may ask about. */
	int MAX_PAIRS = 5_000;

	/** Longest name of a user, in characters. */
	int MAX_USER_LENGTH = 255;

	/**
	 * The user has read up to here. A position never moves back: one that lies before the
	 * known one, or belongs to another epoch than the topic's present one, changes
	 * nothing. One beyond the topic's end means its end.
	 * <p>
	 * Of a position before messages that are trimmed already it may no longer be known
	 * how many of the user's own messages and of the voids came before it: they are
	 * counted as unread then only as far as they must be, and never the other way round.
	 * @param position null for everything that is published by now
	 * @return what is unread then
	 * @throws IllegalArgumentException when the user's name is empty or too long
	 */
	CompletionStage<Unread> markRead(String user, Topic topic, @Nullable Position position);

	/**
	 * What one user has not read of several topics.
	 * @return one for each topic, in their order
	 * @throws IllegalArgumentException when there are more than {@value #MAX_TOPICS}, or
	 * the user's name is empty or too long
	 */
	CompletionStage<List<Unread>> unread(String user, List<Topic> topics);

	/**
	 * What several users have not read, each of the topics named with it. What that costs
	 * may depend on how many topics each of the users has ever read.
	 * @return one for each pair, in their order
	 * @throws IllegalArgumentException when there are more than {@value #MAX_PAIRS}, or a
	 * name is empty or too long
	 */
	CompletionStage<List<Unread>> unread(List<UserTopic> pairs);

	/**
	 * Numbers that tell whether any read position of a user has moved: it rises with each
	 * move, on whichever node.
	 * @return one for each user, in their order
	 * @throws IllegalArgumentException when there are more than {@value #MAX_USERS}, or a
	 * name is empty or too long
	 */
	CompletionStage<List<Long>> moves(List<String> users);

}
