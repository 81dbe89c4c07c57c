package dev.realtime.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The batches of a shard's current pass. The subscribers of a topic stand in line one
 * after the other and mostly wait for the same frames, so a few batches suffice to find
 * the one that the neighbour got. A batch that has an encoding is always among them, also
 * one that was pushed out by newer ones and is written again: so each encoding is
 * released at the end of the pass at the latest. Confined to the shard.
 */
final class Batches {

	private static final int KEPT = 4;

	private final List<Batch> kept = new ArrayList<>(KEPT);

	private final Consumer<Throwable> failures;

	private int oldest;

	/**
	 * Makes an empty one.
	 * @param failures told when an encoding cannot be released
	 */
	Batches(Consumer<Throwable> failures) {
		this.failures = failures;
	}

	Batch of(List<Frame> frames) {
		for (Batch batch : this.kept) {
			if (batch.holds(frames)) {
				return batch;
			}
		}
		Batch batch = new Batch(frames, this);
		keep(batch);
		return batch;
	}

	/** Keeps the batch in the place of the oldest. */
	void keep(Batch batch) {
		if (batch.kept) {
			return;
		}
		if (this.kept.size() < KEPT) {
			this.kept.add(batch);
		}
		else {
			Batch pushedOut = this.kept.set(this.oldest, batch);
			this.oldest = (this.oldest + 1) % KEPT;
			pushedOut.kept = false;
			pushedOut.release();
		}
		batch.kept = true;
	}

	/** Ends the pass: lets go of all encodings. */
	void release() {
		if (!this.kept.isEmpty()) {
			for (Batch batch : this.kept) {
				batch.kept = false;
				batch.release();
			}
			this.kept.clear();
			this.oldest = 0;
		}
	}

	void release(Batch.Encoding encoding) {
		try {
			encoding.release();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
	}

}
