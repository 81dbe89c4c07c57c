package dev.realtime.bench.trial;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Publishes on all topics in turn, at a rate that does not depend on how fast the server
 * is. Latency counts from the time at which a message was meant to be sent, so a server
 * or a publisher that is held up hides nothing: what Gil Tene calls coordinated omission,
 * and why his HdrHistogram records the intended times. Confined to the event loop.
 */
final class Publications {

	private final Crowd crowd;

	private boolean running;

	private double perSecond;

	private long began;

	private long sent;

	private int topic;

	Publications(Crowd crowd) {
		this.crowd = crowd;
	}

	/** Publishes so many a second, on all topics together. */
	void start(double perSecond) {
		this.perSecond = perSecond;
		this.began = System.nanoTime();
		this.sent = 0;
		this.running = perSecond > 0;
	}

	/** Stops; what was due and could not be sent is counted. */
	void stop() {
		if (this.running) {
			this.running = false;
			long due = (long) ((System.nanoTime() - this.began) * this.perSecond / TimeUnit.SECONDS.toNanos(1));
			this.crowd.meter().unsent += Math.max(0, due - this.sent);
		}
	}

	/** Publishes one now. */
	boolean publish() {
		return publish(System.nanoTime());
	}

	/** Sends what is due. */
	void tick() {
		while (this.running) {
			long due = this.began + (long) (this.sent * TimeUnit.SECONDS.toNanos(1) / this.perSecond);
			if (due > System.nanoTime() || !publish(due)) {
				return;
			}
			this.sent++;
		}
	}

	private boolean publish(long due) {
		@Nullable Sender sender = this.crowd.freeSender();
		if (sender == null) {
			return false;
		}
		sender.publish(this.crowd.topic(this.topic++ % this.crowd.topics().size()), due);
		return true;
	}

}
