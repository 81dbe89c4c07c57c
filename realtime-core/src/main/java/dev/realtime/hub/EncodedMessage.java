package dev.realtime.hub;

import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message and its frames: one for each distinct subscription id, encoded once and
 * shared by all shards. Safe for any number of threads.
 */
final class EncodedMessage {

	/** Ids beyond this number are encoded each time: most clients use the same few. */
	private static final int MAX_SHARED = 32;

	final TopicMessage message;

	private final FrameEncoder encoder;

	private final AtomicReference<@Nullable Shared> shared = new AtomicReference<>();

	EncodedMessage(TopicMessage message, FrameEncoder encoder) {
		this.message = message;
		this.encoder = encoder;
	}

	Frame frame(String subscriptionId) {
		Shared first = this.shared.get();
		for (Shared known = first; known != null; known = known.next) {
			if (known.subscriptionId.equals(subscriptionId)) {
				return known.frame;
			}
		}
		Frame frame = Frame.of(this.encoder.message(this.message, subscriptionId), this.message.position());
		int depth = (first == null) ? 1 : first.depth + 1;
		if (depth <= MAX_SHARED) {
			// Losing the race costs the other shard one more encoding, nothing else.
			this.shared.compareAndSet(first, new Shared(subscriptionId, frame, first, depth));
		}
		return frame;
	}

	private record Shared(String subscriptionId, Frame frame, @Nullable Shared next, int depth) {
	}

}
