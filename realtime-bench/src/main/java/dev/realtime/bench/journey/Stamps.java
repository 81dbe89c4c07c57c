package dev.realtime.bench.journey;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

import org.HdrHistogram.Histogram;

/**
 * When each message reached each stage, by its number in the topic, which begins with 1.
 * The stages before the writes are stamped by the thread that comes there first; the
 * writes are recorded by the one shard.
 */
final class Stamps {

	private final AtomicLongArray published;

	private final AtomicLongArray stored;

	private final AtomicLongArray relayed;

	private final AtomicLongArray ordered;

	private final AtomicLongArray handed;

	/** How long the shard had been in writes when the message was published. */
	private final AtomicLongArray sentBefore;

	/** Messages up to this number only warm up. */
	private final long warmUp;

	private final Writes writes;

	private final Map<Stage, Histogram> histograms = new EnumMap<>(Stage.class);

	Stamps(int messages, int warmUp, int subscribers) {
		this.writes = new Writes(messages * subscribers);
		this.published = new AtomicLongArray(messages + 1);
		this.stored = new AtomicLongArray(messages + 1);
		this.relayed = new AtomicLongArray(messages + 1);
		this.ordered = new AtomicLongArray(messages + 1);
		this.handed = new AtomicLongArray(messages + 1);
		this.sentBefore = new AtomicLongArray(messages + 1);
		this.warmUp = warmUp;
		for (Stage stage : Stage.values()) {
			this.histograms.put(stage, new Histogram(TimeUnit.MINUTES.toNanos(1), 3));
		}
	}

	void published(long number) {
		this.sentBefore.set((int) number, this.writes.sentNanos());
		this.published.set((int) number, System.nanoTime());
	}

	void stored(long number) {
		this.stored.compareAndSet((int) number, 0, System.nanoTime());
	}

	void relayed(long number) {
		this.relayed.compareAndSet((int) number, 0, System.nanoTime());
	}

	void ordered(long number) {
		this.ordered.compareAndSet((int) number, 0, System.nanoTime());
	}

	void handed(long number) {
		this.handed.compareAndSet((int) number, 0, System.nanoTime());
	}

	/** On the shard: a connection got messages with one write. */
	void written(long[] numbers, long begin, long end) {
		this.writes.add(numbers, begin, end);
	}

	/**
	 * The nanoseconds of each stage; those before the writes are counted once for each
	 * message. To be called when everything is delivered.
	 */
	Map<Stage, Histogram> histograms() {
		for (int number = (int) this.warmUp + 1; number < this.published.length(); number++) {
			long relayed = this.relayed.get(number);
			long stored = Math.min(this.stored.get(number), relayed);
			record(Stage.STORED, stored - this.published.get(number));
			record(Stage.RELAYED, relayed - stored);
			// The shard may be quicker than the thread that handed over.
			long handed = this.handed.get(number);
			long ordered = Math.min(this.ordered.get(number), handed);
			record(Stage.ORDERED, ordered - relayed);
			record(Stage.HANDED, handed - ordered);
		}
		this.writes.forEach(this::record);
		return this.histograms;
	}

	private void record(int number, long begin, long send, long sentBefore) {
		if (number > this.warmUp) {
			record(Stage.WRITTEN, begin - this.handed.get(number));
			record(Stage.SEND, send);
			record(Stage.OWN, begin - this.published.get(number) - sentBefore + this.sentBefore.get(number));
		}
	}

	private void record(Stage stage, long nanos) {
		Histogram histogram = this.histograms.get(stage);
		if (histogram != null) {
			histogram.recordValue(Math.min(Math.max(nanos, 0), histogram.getHighestTrackableValue()));
		}
	}

}
