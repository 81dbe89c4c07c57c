package dev.realtime.hub;

import java.util.ArrayList;
import java.util.List;

/**
 * The batches of a shard's current pass. The subscribers of a topic stand in line one
 * after the other and mostly wait for the same frames, so a few batches suffice to find
 * the one that the neighbour got. Confined to the shard.
 */
final class Batches {

	private static final int KEPT = 4;

	private final List<Batch> kept = new ArrayList<>(KEPT);

	private int oldest;

	Batch of(List<Frame> frames) {
		for (Batch batch : this.kept) {
			if (batch.holds(frames)) {
				return batch;
			}
		}
		Batch batch = new Batch(frames);
		if (this.kept.size() < KEPT) {
			this.kept.add(batch);
		}
		else {
			this.kept.set(this.oldest, batch).release();
			this.oldest = (this.oldest + 1) % KEPT;
		}
		return batch;
	}

	/** The pass is over. */
	void release() {
		if (!this.kept.isEmpty()) {
			this.kept.forEach(Batch::release);
			this.kept.clear();
			this.oldest = 0;
		}
	}

}
