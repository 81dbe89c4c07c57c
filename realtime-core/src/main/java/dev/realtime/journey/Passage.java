package dev.realtime.journey;

/**
 * When a stage was reached, by the node's monotonic clock.
 *
 * @param first the first time, in nanoseconds
 * @param last the last time, in nanoseconds
 * @param count how often
 */
public record Passage(long first, long last, int count) {

	Passage again(long nanos) {
		return new Passage(this.first, nanos, this.count + 1);
	}

}
