package dev.realtime.delivery;

/**
 * What a shard counts in one pass, added to the node's figures when the pass ends: plain
 * fields, because a counter shared with other threads costs more than the delivery that
 * it counts. Confined to the shard. Internal to the engine.
 */
public final class ShardCounters {

	/** One of so many writes of a shard is measured: a power of two. */
	public static final int SAMPLED = 64;

	long delivered;

	long writes;

	long queuedBytes;

	long signals;

	long signalsDropped;

	/** Goes on over all passes. */
	private int sampling;

	ShardCounters() {
	}

	/** A message was offered to a subscriber. */
	public void delivered() {
		this.delivered++;
	}

	/**
	 * A batch is handed to a socket.
	 * @return whether it is the one of {@value #SAMPLED} that is measured
	 */
	public boolean wrote() {
		this.writes++;
		return ++this.sampling % SAMPLED == 0;
	}

	/** So many more bytes wait in a queue, or fewer. */
	public void queued(long change) {
		this.queuedBytes += change;
	}

	void addTo(DeliveryStats stats) {
		if (this.delivered != 0) {
			stats.delivered.add(this.delivered);
			this.delivered = 0;
		}
		if (this.writes != 0) {
			stats.writes.add(this.writes);
			this.writes = 0;
		}
		if (this.queuedBytes != 0) {
			stats.queuedBytes.add(this.queuedBytes);
			this.queuedBytes = 0;
		}
		if (this.signals != 0) {
			stats.signals.add(this.signals);
			this.signals = 0;
		}
		if (this.signalsDropped != 0) {
			stats.signalsDropped.add(this.signalsDropped);
			this.signalsDropped = 0;
		}
	}

}
