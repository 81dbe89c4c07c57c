package dev.realtime.connection;

import dev.realtime.Position;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.delivery.EncodedGap;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import org.jspecify.annotations.Nullable;

/**
 * A range of messages that a subscriber does not get, where it waits for its turn in the
 * connection's queue. Confined to the connection's shard.
 */
final class DroppedRange {

	private final Subscriber owner;

	private final String epoch;

	private final long from;

	private long to;

	/** The word of all its parts; of different ones, {@link Gap#OVERFLOW}. */
	private String reason;

	/** What the range still is as a whole, whose frames others share; or null. */
	private @Nullable EncodedGap shared;

	/** A range of one message. */
	DroppedRange(Subscriber owner, Position position, String reason) {
		this.owner = owner;
		this.epoch = position.epoch();
		this.from = position.seq();
		this.to = position.seq();
		this.reason = reason;
	}

	/** The end of a range, from a number on. */
	DroppedRange(Subscriber owner, EncodedGap range, long from) {
		this.owner = owner;
		this.epoch = range.epoch();
		this.from = from;
		this.to = range.to();
		this.reason = range.reason();
		this.shared = (from == range.from()) ? range : null;
	}

	/**
	 * Adds the numbers up to the position, as far as they are of the same epoch: nothing
	 * of the subscriber's waits between.
	 * @return false when they are not
	 */
	boolean extend(Position end, String why) {
		if (!this.epoch.equals(end.epoch()) || isOtherEpoch(this.reason) != isOtherEpoch(why)) {
			return false;
		}
		this.to = end.seq();
		this.reason = this.reason.equals(why) ? why : Gap.OVERFLOW;
		this.shared = null;
		return true;
	}

	/** What tells a client of another epoch is told for itself. */
	private static boolean isOtherEpoch(String reason) {
		return reason.equals(Gap.EPOCH_CHANGED);
	}

	/** Adds the range that waits right behind this one. */
	boolean extend(DroppedRange next) {
		return extend(new Position(next.epoch, next.to), next.reason);
	}

	Frame frame(DeliveryShard shard, FrameEncoder encoder) {
		Frame known = (this.shared != null) ? this.shared.frame(this.owner.id(), shard) : null;
		return (known != null) ? known : Frame
			.of(encoder.gap(new Gap(this.owner.id(), this.owner.topic(), this.epoch, this.from, this.to, this.reason)));
	}

}
