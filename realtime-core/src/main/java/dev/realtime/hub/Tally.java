package dev.realtime.hub;

/**
 * What a shard counts in one pass, added to the node's figures when the pass ends: plain
 * fields, because a counter shared with other threads costs more than the delivery that
 * it counts. Confined to the shard.
 */
final class Tally {

	long delivered;

	long writes;

	long queuedBytes;

	long signals;

	long signalsDropped;

	void addTo(HubStats stats) {
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
