package dev.realtime.delivery;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.realtime.TopicMessage;
import dev.realtime.journey.Journeys;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What the delivery counts; monotonic unless said otherwise. Safe for any number of
 * threads. Internal to the engine.
 */
public final class DeliveryStats {

	final LongAdder delivered = new LongAdder();

	final LongAdder writes = new LongAdder();

	final LongAdder queuedBytes = new LongAdder();

	final LongAdder signals = new LongAdder();

	final LongAdder signalsDropped = new LongAdder();

	final LongAdder leftOut = new LongAdder();

	private volatile @Nullable Consumer<TopicMessage> listener;

	private volatile @Nullable Consumer<List<TopicMessage>> traced;

	private final Journeys journeys;

	/** Makes one that has counted nothing. */
	public DeliveryStats(Environment environment) {
		this.journeys = new Journeys(environment);
	}

	/** The last messages that asked for their journey. */
	public Journeys journeys() {
		return this.journeys;
	}

	/**
	 * Tells when a message was offered to all live subscribers of a shard.
	 * @param listener called on shards: must be quick, never block
	 */
	public void onDelivered(Consumer<TopicMessage> listener) {
		this.listener = listener;
	}

	/**
	 * Tells when messages with a {@link dev.realtime.Content#trace() trace}, one at
	 * least, were offered together to all live subscribers of a shard.
	 * @param listener gets them in their order, and keeps the list; called on shards:
	 * must be quick, never block
	 */
	public void onTraced(Consumer<List<TopicMessage>> listener) {
		this.traced = listener;
	}

	void deliveredToAll(MessageRun run) {
		Consumer<TopicMessage> known = this.listener;
		if (known != null) {
			known.accept(run.last());
		}
		if (run.isObserved()) {
			run.forEachJourney((message) -> this.journeys.offered(message, run.receivers()));
			Consumer<List<TopicMessage>> ofTraced = this.traced;
			List<TopicMessage> messages = (ofTraced != null) ? run.traced() : List.of();
			if (ofTraced != null && !messages.isEmpty()) {
				ofTraced.accept(messages);
			}
		}
	}

	/** Messages offered to subscribers' queues. */
	public long delivered() {
		return this.delivered.sum();
	}

	/** Batches handed to sockets. */
	public long writes() {
		return this.writes.sum();
	}

	/** Bytes that wait in queues now. */
	public long queuedBytes() {
		return this.queuedBytes.sum();
	}

	/** Signals queued for subscribers. */
	public long signals() {
		return this.signals.sum();
	}

	/** Signals that subscribers did not get because they were behind. */
	public long signalsDropped() {
		return this.signalsDropped.sum();
	}

	/** Messages that topics' rates left out. */
	public long leftOut() {
		return this.leftOut.sum();
	}

}
