package dev.realtime.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Publishes on topics in turn through one connection of its own: with a window of
 * publications whose deliveries are outstanding, or at a fixed rate. Latency counts from
 * the time at which a message was meant to be sent, so a publisher that is held up hides
 * nothing.
 */
public final class Publisher {

	private final Load load;

	private final Peer peer;

	private final List<String> topics;

	private final int fanOut;

	private final int size;

	/** What had been received before. */
	private long before;

	private long published;

	private boolean stopped;

	private @Nullable ScheduledFuture<?> timer;

	/**
	 * Makes a publisher.
	 * @param topics published on in turn
	 * @param fanOut deliveries of each message
	 * @param size bytes of a body
	 */
	public Publisher(Load load, Peer peer, List<String> topics, int fanOut, int size) {
		this.load = load;
		this.peer = peer;
		this.topics = topics;
		this.fanOut = fanOut;
		this.size = size;
	}

	/** Messages published. */
	public long published() {
		return this.load.on(() -> this.published);
	}

	/** Publishes so many at once, for nobody or for those who come later. */
	public void publish(int count) {
		this.load.run(() -> {
			for (int i = 0; i < count; i++) {
				publish(System.nanoTime());
			}
		});
	}

	/** Publishes so many at once and waits until all were delivered. */
	public void burst(int count) {
		long goal = this.load.on(() -> {
			for (int i = 0; i < count; i++) {
				publish(System.nanoTime());
			}
			return this.load.received() + (long) count * this.fanOut;
		});
		this.load.awaitReceived(goal, Duration.ofMinutes(1));
	}

	/** Keeps at most so many publications outstanding until {@link #stop}. */
	public void window(int window) {
		this.load.run(() -> {
			this.before = this.load.received();
			long base = this.published;
			this.stopped = false;
			Runnable fill = () -> {
				while (!this.stopped && (this.published - base) * this.fanOut
						- (this.load.received() - this.before) <= (window - 1L) * this.fanOut) {
					publish(System.nanoTime());
				}
			};
			this.load.onProgressInLoop(fill);
			fill.run();
		});
	}

	/** Publishes so many a second until {@link #stop}. */
	public void rate(int perSecond) {
		long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
		this.load.run(() -> {
			long start = System.nanoTime();
			long base = this.published;
			this.timer = this.load.loop().scheduleAtFixedRate(() -> {
				for (long due = start + (this.published - base) * period; due <= System.nanoTime(); due = start
						+ (this.published - base) * period) {
					publish(due);
				}
			}, 0, period, TimeUnit.NANOSECONDS);
		});
	}

	/** Stops, and waits until everything published was delivered to as many. */
	public void stop(long expected) {
		this.load.run(() -> {
			this.stopped = true;
			if (this.timer != null) {
				this.timer.cancel(false);
			}
		});
		this.load.awaitReceived(expected, Duration.ofMinutes(1));
	}

	private void publish(long intendedNanos) {
		String topic = this.topics.get((int) (this.published % this.topics.size()));
		long number = this.published / this.topics.size() + 1;
		this.published++;
		this.peer.send(this.load.dialect().publication(topic, Marks.body(number, intendedNanos, this.size)));
	}

}
