package dev.realtime.numbering.jdbc;

import java.util.List;
import java.util.stream.LongStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.jdbc.MessageLocation;

/**
 * Numbers of a topic that belong to nobody yet while a later one does: their transactions
 * are still open, or will never be.
 *
 * @param topic whose
 * @param before the last number before them, settled
 * @param to the last of them
 * @param since when the message behind them was stored, in milliseconds since 1970
 */
public record Hole(Topic topic, Position before, long to, long since) {

	/** The first of them, at most so many. */
	List<MessageLocation> places(int limit) {
		long last = Math.min(this.to, this.before.seq() + limit);
		return LongStream.rangeClosed(this.before.seq() + 1, last)
			.mapToObj((seq) -> new MessageLocation(this.topic, this.before.withSeq(seq)))
			.toList();
	}

}
