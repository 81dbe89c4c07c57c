package dev.realtime.log;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a log: a topic's messages, in order. A log gives away only what is
 * settled: when it says that it has read through a number, no message with that number or
 * a lower one can appear later.
 * <p>
 * Safe for any number of threads. No method blocks; stages may complete on an I/O thread
 * and fail with the store's exception, or a timeout of the store's own: none stays open
 * for ever.
 */
public interface TopicLog {

	/** Most messages that one page may hold. */
	int MAX_PAGE = 1_000;

	/**
	 * The latest position of each topic, in the order asked, in one round trip where the
	 * store can. A topic that has no numbering yet gets one: a new epoch at 0, so that a
	 * subscriber of a silent topic has a position to come back with.
	 */
	CompletionStage<List<Position>> heads(List<Topic> topics);

	/**
	 * The latest position of each topic, in the order asked, for one who only looks:
	 * nothing begins and nothing is kept. A topic that has no numbering is at 0 of an
	 * epoch that stands for having none; what {@link #read} finds behind that position
	 * are the topic's messages from the first one on, when there are any.
	 */
	default CompletionStage<List<Position>> peek(List<Topic> topics) {
		return heads(topics);
	}

	/**
	 * Reads the messages that follow a position. As all reading, it begins no numbering.
	 * @param after the last position that the reader has
	 * @param limit at most so many messages, 1 to {@value #MAX_PAGE}
	 * @return {@link LogPage.Found}, perhaps without messages, or {@link LogPage.Lost}
	 * when the position is of another epoch, lies beyond the head, or when numbers right
	 * after it are no longer kept
	 */
	CompletionStage<LogPage> read(Topic topic, Position after, int limit);

	/**
	 * Reads backwards, for scrolling up: the {@code limit} messages right before a
	 * position, in ascending order. Fewer when older ones are no longer kept.
	 * @param before the position of the first message that the reader has, or null for
	 * the latest messages
	 * @param limit at most so many messages, 1 to {@value #MAX_PAGE}
	 * @return {@link LogPage.Found}, whose {@code hasMore} tells whether still older
	 * messages are kept, or {@link LogPage.Lost} when the epoch is another
	 */
	CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit);

	/**
	 * The log that holds the topic: this one, or, where several stand behind one door,
	 * one of them. When one is away the others can still be asked.
	 */
	default TopicLog holding(Topic topic) {
		return this;
	}

}
