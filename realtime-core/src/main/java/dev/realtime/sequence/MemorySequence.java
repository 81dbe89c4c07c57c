package dev.realtime.sequence;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Epochs;
import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of one node, in memory; gone with it. Remembers a bounded number of topics: the
 * one that was not asked for longest is forgotten, and begins a new epoch when it comes
 * back. Topics that are in use are not forgotten, so that many new topics cannot take
 * from others their numbers; their number must be bounded elsewhere. Stages are complete
 * when they are returned.
 */
public final class MemorySequence implements SequenceService {

	/** How many topics are remembered unless told otherwise. */
	public static final int DEFAULT_MAX_TOPICS = 100_000;

	/** So many topics in use are passed over before a topic too many is kept. */
	private static final int MAX_PASSED_OVER = 64;

	private final int maxTopics;

	private final Predicate<Topic> inUse;

	private final RandomGenerator random;

	private final BiConsumer<Topic, String> forgotten;

	@GuardedBy("this")
	private final Map<Topic, Position> last = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * A bounded sequence.
	 * @param maxTopics how many topics are remembered, beside those in use
	 * @param inUse whether a topic must not be forgotten now; called with a lock held,
	 * must not block
	 * @param forgotten told the topic and the epoch that was forgotten; called without a
	 * lock, on the thread whose call made room
	 * @param random a secure generator
	 */
	public MemorySequence(int maxTopics, Predicate<Topic> inUse, BiConsumer<Topic, String> forgotten,
			RandomGenerator random) {
		this.random = random;
		this.maxTopics = maxTopics;
		this.inUse = inUse;
		this.forgotten = forgotten;
	}

	/** Takes the topic's next number. */
	public Position take(Topic topic) {
		return advance(topic, 1);
	}

	/** The last number given, or null if the topic has no numbering. */
	public synchronized @Nullable Position known(Topic topic) {
		return this.last.get(topic);
	}

	/** The last number given; begins an epoch where there is none. */
	public Position latest(Topic topic) {
		return advance(topic, 0);
	}

	@Override
	public CompletionStage<Position> next(Topic topic) {
		return CompletableFuture.completedFuture(take(topic));
	}

	@Override
	public CompletionStage<Position> current(Topic topic) {
		return CompletableFuture.completedFuture(latest(topic));
	}

	private Position advance(Topic topic, int by) {
		Position position;
		Map.@Nullable Entry<Topic, Position> old = null;
		synchronized (this) {
			Position known = this.last.get(topic);
			position = (known != null) ? known.withSeq(known.seq() + by) : new Position(Epochs.next(this.random), by);
			this.last.put(topic, position);
			if (this.last.size() > this.maxTopics) {
				old = eldestUnused();
			}
		}
		if (old != null) {
			this.forgotten.accept(old.getKey(), old.getValue().epoch());
		}
		return position;
	}

	/**
	 * Removes the topic that was not asked for longest, of those that are not in use.
	 * Topics in use become the youngest, so that the next call does not meet them again.
	 */
	@GuardedBy("this")
	private Map.@Nullable Entry<Topic, Position> eldestUnused() {
		for (int i = 0; i < MAX_PASSED_OVER; i++) {
			Map.Entry<Topic, Position> eldest = this.last.entrySet().iterator().next();
			if (!this.inUse.test(eldest.getKey())) {
				this.last.remove(eldest.getKey());
				return eldest;
			}
			Position unused = this.last.get(eldest.getKey());
		}
		return null;
	}

}
