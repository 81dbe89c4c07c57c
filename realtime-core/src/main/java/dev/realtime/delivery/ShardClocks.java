package dev.realtime.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * The clocks of a shard's connections: heartbeats, deadlines, writes that take too long.
 * Each tick looks at the next tenth of them, so that each is seen once a second and a
 * million of them make no pause. Confined to the shard.
 */
final class ShardClocks {

	/** How many times a second the clocks of a part of the connections are looked at. */
	static final int TICKS_A_SECOND = 10;

	private final List<ShardWriter> writers = new ArrayList<>();

	private int next;

	void add(ShardWriter writer) {
		writer.index = this.writers.size();
		this.writers.add(writer);
	}

	void remove(ShardWriter writer) {
		int index = writer.index;
		if (index >= 0) {
			writer.index = -1;
			ShardWriter last = this.writers.remove(this.writers.size() - 1);
			if (last != writer) {
				this.writers.set(index, last);
				last.index = index;
			}
		}
	}

	void tick(long nowNanos) {
		for (int i = this.writers.size() / TICKS_A_SECOND; i >= 0 && !this.writers.isEmpty(); i--) {
			this.next = (this.next + 1 < this.writers.size()) ? this.next + 1 : 0;
			this.writers.get(this.next).tick(nowNanos);
		}
	}

}
