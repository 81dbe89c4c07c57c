package dev.realtime.journey;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * What a node has noted of one message. Nanoseconds are those of the node's monotonic
 * clock, so that differences hold whatever happens to the wall clock.
 *
 * @param numbered when it was numbered, by the clock that numbers; whole milliseconds
 * @param passages the stages that were reached
 * @param hold why it had to wait for its turn; null if it did not
 * @param fromLog whether the feed released it because of a read of the log, not because
 * the relay brought it in order
 * @param failedReads how many reads of the log had failed in a row before that
 * @param shards how many shards had subscribers
 * @param subscribers to how many live subscribers it was offered so far
 * @param noted what the wall clock showed at {@code notedNanos}
 * @param notedNanos when the first note was made
 * @param nowNanos when this was read
 */
public record Journey(Topic topic, Position position, Instant numbered, Map<Stage, Passage> passages,
		@Nullable Hold hold, boolean fromLog, int failedReads, int shards, int subscribers, Instant noted,
		long notedNanos, long nowNanos) {

	/** Copies the passages. */
	public Journey {
		Map<Stage, Passage> copy = new EnumMap<>(Stage.class);
		copy.putAll(passages);
		passages = copy;
	}

	/** Returns when a stage was reached; null if it was not. */
	public @Nullable Passage at(Stage stage) {
		return this.passages.get(stage);
	}

	/**
	 * Returns what the node's wall clock showed, from what it showed at the first note.
	 */
	public Instant time(long nanos) {
		return this.noted.plusNanos(nanos - this.notedNanos);
	}

	/** Returns how many live subscribers have it in their connection's queue. */
	public int waiting() {
		return Math.max(0, this.subscribers - count(Stage.WRITTEN) - count(Stage.NOT_WRITTEN));
	}

	private int count(Stage stage) {
		Passage passage = at(stage);
		return (passage != null) ? passage.count() : 0;
	}

}
