package dev.realtime.log;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Epochs;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A log in the memory of one node, for development and tests. Each topic is bounded by
 * its policy. Numbers are taken under the log's own lock, so a reader never sees a number
 * whose message is still to come. Stages are complete when they are returned.
 */
public final class MemoryTopicLog implements TopicLog {

	private static final String LIMIT = "A page holds 1 to " + MAX_PAGE + " messages";

	/** The position of topics without a numbering. */
	private final Position none;

	private final Numbers numbers;

	private final Clock clock;

	@GuardedBy("this")
	private final Map<Topic, KeptMessages> topics = new HashMap<>();

	/**
	 * A log of messages that are numbered by {@code numbers}.
	 * @param clock tells which messages are too old
	 * @param random a secure generator
	 */
	public MemoryTopicLog(Numbers numbers, Clock clock, RandomGenerator random) {
		this.none = new Position("N" + Epochs.next(random).substring(1), 0);
		this.numbers = numbers;
		this.clock = clock;
	}

	/**
	 * Takes a number and stores the message with it; readers see both or nothing.
	 * @param message makes the message once it has its number; quick
	 */
	public synchronized TopicMessage append(Topic topic, TopicPolicy policy, Function<Position, TopicMessage> message) {
		TopicMessage numbered = message.apply(this.numbers.take(topic));
		KeptMessages kept = kept(topic, numbered.position());
		kept.add(numbered, policy);
		return numbered;
	}

	/** Lets go of what is kept of an epoch that is over. */
	public synchronized void forget(Topic topic, String epoch) {
		KeptMessages kept = this.topics.get(topic);
		if (kept != null && kept.epoch().equals(epoch)) {
			this.topics.remove(topic);
		}
	}

	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		return CompletableFuture.completedFuture(topics.stream().map(this.numbers::latest).toList());
	}

	@Override
	public CompletionStage<List<Position>> peek(List<Topic> topics) {
		return CompletableFuture.completedFuture(topics.stream().map(this::look).toList());
	}

	private Position look(Topic topic) {
		Position known = this.numbers.known(topic);
		return (known != null) ? known : this.none;
	}

	@Override
	public synchronized CompletionStage<LogPage> read(Topic topic, Position position, int limit) {
		check(limit);
		Position head = look(topic);
		Position after = position.equals(this.none) ? head.withSeq(0) : position;
		KeptMessages kept = kept(topic, head);
		LogPage page;
		if (!after.sameEpoch(head) || after.seq() > head.seq()) {
			page = new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head, kept.first(head));
		}
		else if (kept.lacks(after.seq())) {
			page = new LogPage.Lost(LogPage.Reason.EXPIRED, head, kept.first(head));
		}
		else {
			page = kept.after(after.seq(), limit, head, this.clock.millis());
		}
		return CompletableFuture.completedFuture(page);
	}

	@Override
	public synchronized CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		check(limit);
		Position head = look(topic);
		KeptMessages kept = kept(topic, head);
		if (before != null && !before.sameEpoch(head)) {
			return CompletableFuture
				.completedFuture(new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head, kept.first(head)));
		}
		long from = (before != null) ? Math.min(before.seq(), head.seq() + 1) : head.seq() + 1;
		return CompletableFuture.completedFuture(kept.before(from, limit, head, this.clock.millis()));
	}

	@GuardedBy("this")
	private KeptMessages kept(Topic topic, Position head) {
		KeptMessages kept = this.topics.get(topic);
		if (kept == null || !kept.epoch().equals(head.epoch())) {
			kept = new KeptMessages(head.epoch());
			if (!head.equals(this.none)) {
				this.topics.put(topic, kept);
			}
		}
		kept.expire(this.clock.millis());
		return kept;
	}

	private static void check(int limit) {
		if (limit < 1 || limit > MAX_PAGE) {
			throw new IllegalArgumentException(LIMIT + ", not " + limit);
		}
	}

	/** Where the log's numbers come from. */
	public interface Numbers {

		/** Takes the topic's next number. */
		Position take(Topic topic);

		/** The last number given, 0 when none was; begins a numbering. */
		Position latest(Topic topic);

		/** The last number given, or null if the topic has no numbering. */
		default @Nullable Position known(Topic topic) {
			return latest(topic);
		}

	}

}
