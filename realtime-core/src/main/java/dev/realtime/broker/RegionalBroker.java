package dev.realtime.broker;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A broker that can be one of several regions': it remembers which topics have changed,
 * and keeps copies of topics that another region numbers. Each call fails as
 * {@link #publish} and {@link dev.realtime.log.TopicLog} do; none blocks.
 */
public interface RegionalBroker extends Broker {

	/**
	 * Numbers, stores and announces one message, and marks its topic as changed in the
	 * same step.
	 * @param key what the publication is remembered by in place of its own id, or null
	 * for none
	 */
	CompletionStage<PublishReceipt> publishMarked(Publication publication, TopicPolicy policy, @Nullable String key);

	/**
	 * Returns topics of a partition that were marked, in the order of their last marks.
	 * @param after where the last answer ended, or {@link Marks.Place#FIRST}
	 * @param limit at most so many topics
	 */
	CompletionStage<Marks> marks(int partition, Marks.Place after, int limit);

	/** Forgets the marks of a topic that has no numbering any more. */
	CompletionStage<Void> forget(Topic topic);

	/**
	 * Appends what another region has numbered, if it follows what the copy has, and
	 * announces it; all in one step, and the same again changes nothing.
	 */
	CompletionStage<Copied> copy(Topic topic, NumberedRun run, TopicPolicy policy);

	/** How many partitions topics have. */
	int partitions();

	/** The topic's partition, from 0. */
	int partition(Topic topic);

	/**
	 * Topics that were marked.
	 *
	 * @param topics in the order of their last marks
	 * @param through where the next question begins
	 * @param hasMore whether there are more
	 */
	record Marks(List<Topic> topics, Place through, boolean hasMore) {

		public Marks {
			topics = List.copyOf(topics);
		}

		/**
		 * A place among the marks of one life of the store. Of an earlier life, it is
		 * before all.
		 *
		 * @param life names the life of the store
		 * @param mark a number that rises with each mark
		 */
		public record Place(String life, long mark) {

			/** Before all marks. */
			public static final Place FIRST = new Place("", 0);

		}

	}

}
