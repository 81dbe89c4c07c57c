package dev.realtime.delivery;

/** Bounds of the delivery for tests in other packages. */
public final class DeliveryBounds {

	/** Connections that recover and are written in one pass. */
	public static final int RECOVERING = Rounds.MAX_RECOVERING;

	/** Offers to queues in one pass. */
	public static final int OFFERS = WriteSchedule.MAX_OFFERS;

	private DeliveryBounds() {
	}

	/**
	 * Counts offers of the shard's current pass.
	 * @return whether that were enough for writes to begin
	 */
	public static boolean offered(DeliveryShard shard, int count) {
		return shard.offered(count);
	}

}
