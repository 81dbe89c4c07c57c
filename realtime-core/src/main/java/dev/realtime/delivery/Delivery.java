package dev.realtime.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import dev.realtime.Topic;
import dev.realtime.journey.Journeys;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A node's delivery: its shards, and what they share. Safe for any number of threads.
 * Internal to the engine.
 */
public final class Delivery {

	final MessageEncoder encoder;

	final DeliveryStats stats;

	final Loop clock;

	private final BooleanSupplier intercepted;

	private final List<DeliveryShard> shards;

	/**
	 * Makes a delivery with a shard for each loop.
	 * @param encoder makes the frames
	 * @param clock releases what topics' rates hold back
	 * @param intercepted whether messages pass an interceptor now, so that none may be
	 * written past the queues; called on shards: must be fast and never throw
	 */
	public Delivery(List<Loop> loops, MessageEncoder encoder, DeliveryStats stats, Loop clock,
			BooleanSupplier intercepted) {
		this.encoder = encoder;
		this.stats = stats;
		this.clock = clock;
		this.intercepted = intercepted;
		List<DeliveryShard> made = new ArrayList<>();
		loops.forEach((loop) -> made.add(new DeliveryShard(loop, stats)));
		this.shards = List.copyOf(made);
	}

	/** The last messages that asked for their journey. */
	public Journeys journeys() {
		return this.stats.journeys();
	}

	/** Starts the clocks of the connections. */
	public void start() {
		this.clock.every(Duration.ofMillis(1_000 / ShardClocks.TICKS_A_SECOND),
				() -> this.shards.forEach(DeliveryShard::tick));
	}

	/** The shards, in the order of their loops. */
	public List<DeliveryShard> shards() {
		return this.shards;
	}

	/** Returns the shard whose tasks run on the event loop, or null. */
	public @Nullable DeliveryShard shardOn(Executor eventLoop) {
		for (DeliveryShard shard : this.shards) {
			if (shard.runsOn(eventLoop)) {
				return shard;
			}
		}
		return null;
	}

	/**
	 * Makes the outlet of a topic's feed.
	 * @param whenDue calls {@link Outlet#releaseWhatIsDue} under the feed's lock; run by
	 * the clock
	 */
	public Outlet outlet(Topic topic, Runnable whenDue) {
		return new Outlet(this, topic, whenDue);
	}

	boolean isIntercepted() {
		return this.intercepted.getAsBoolean();
	}

}
