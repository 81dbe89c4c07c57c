package dev.realtime.feed;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node's feeds count; monotonic. Safe for any number of threads. Internal to the
 * engine.
 */
public final class FeedStats {

	private static final Logger logger = LoggerFactory.getLogger(FeedStats.class);

	private final Map<RepairCause, LongAdder> repairs = new EnumMap<>(RepairCause.class);

	private final LongAdder gaps = new LongAdder();

	private final LogThrottle gapLog;

	private volatile @Nullable BiConsumer<Topic, String> gapListener;

	private volatile @Nullable Consumer<TopicMessage> relayed;

	private volatile @Nullable RepairListener repairListener;

	/** Makes one that has counted nothing. */
	public FeedStats(Environment environment) {
		this.gapLog = new LogThrottle(environment);
		for (RepairCause cause : RepairCause.values()) {
			this.repairs.put(cause, new LongAdder());
		}
	}

	/** Holes that were filled from the log for this reason. */
	public long repairs(RepairCause cause) {
		return of(cause).sum();
	}

	/** Holes that could not be filled, and were announced to the feed's subscribers. */
	public long gaps() {
		return this.gaps.sum();
	}

	/**
	 * Tells when messages of a topic could not be read any more and its subscribers were
	 * told so.
	 * @param listener gets the topic, and the reason and the range in words; called with
	 * the topic's lock held: must be quick, never block
	 */
	public void onGap(BiConsumer<Topic, String> listener) {
		this.gapListener = listener;
	}

	/**
	 * Tells of each message that the relay brings of a topic that is followed.
	 * @param listener called on the relay's I/O thread: must be quick, never block
	 */
	public void onRelayed(Consumer<TopicMessage> listener) {
		this.relayed = listener;
	}

	/** Tells of each hole that was filled from the log. */
	public void onRepaired(RepairListener listener) {
		this.repairListener = listener;
	}

	@Nullable RepairListener repairListener() {
		return this.repairListener;
	}

	/** What the listener throws keeps no message away from the feeds. */
	void relayed(TopicMessage message, Loop clock) {
		Consumer<TopicMessage> listener = this.relayed;
		if (listener != null) {
			try {
				listener.accept(message);
			}
			catch (Throwable ex) {
				clock.failed(ex);
			}
		}
	}

	void repaired(RepairCause cause) {
		of(cause).increment();
	}

	private LongAdder of(RepairCause cause) {
		return Objects.requireNonNull(this.repairs.get(cause));
	}

	/** Counts and logs a gap that the subscribers of a topic are told of. */
	void gap(Topic topic, Position last, LogPage.Lost page) {
		this.gaps.increment();
		BiConsumer<Topic, String> listener = this.gapListener;
		if (listener != null) {
			listener.accept(topic, page.reason().code() + " after " + last + ", continues at " + page.head());
		}
		long since = this.gapLog.add();
		if (since > 0) {
			logger.warn(
					"Topic {} lost messages after {}: {}; its subscribers received a gap event and continue at "
							+ "{} ({} gaps since this was last logged)",
					topic, last, page.reason().code(), page.head(), since);
		}
	}

}
