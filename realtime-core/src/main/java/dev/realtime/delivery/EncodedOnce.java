package dev.realtime.delivery;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The frames of what goes to many subscribers: one for each distinct subscription id,
 * encoded once and shared by all shards. Safe for any number of threads. Internal to the
 * engine.
 */
public abstract class EncodedOnce {

	/** Ids beyond this number are encoded each time: most clients use the same few. */
	private static final int MAX_SHARED = 32;

	private final AtomicReference<@Nullable Shared> shared = new AtomicReference<>();

	EncodedOnce() {
	}

	/** Makes the frame for all subscriptions of this id. */
	abstract Frame encode(String subscriptionId);

	/**
	 * Returns the frame for subscriptions of this id, or null when the encoder fails,
	 * which it is asked once.
	 * @param shard told of the failure
	 */
	public @Nullable Frame frame(String subscriptionId, DeliveryShard shard) {
		Shared first = this.shared.get();
		for (Shared known = first; known != null; known = known.next) {
			if (known.subscriptionId.equals(subscriptionId)) {
				return known.frame;
			}
		}
		Frame frame = encodeContained(subscriptionId, shard);
		int depth = (first == null) ? 1 : first.depth + 1;
		if (depth <= MAX_SHARED) {
			// Losing the race costs the other shard one more encoding, nothing else.
			this.shared.compareAndSet(first, new Shared(subscriptionId, frame, first, depth));
		}
		return frame;
	}

	private @Nullable Frame encodeContained(String subscriptionId, DeliveryShard shard) {
		try {
			return encode(subscriptionId);
		}
		catch (Throwable ex) {
			shard.failed(ex);
			return null;
		}
	}

	private record Shared(String subscriptionId, @Nullable Frame frame, @Nullable Shared next, int depth) {
	}

}
