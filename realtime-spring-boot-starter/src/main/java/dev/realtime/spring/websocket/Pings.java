package dev.realtime.spring.websocket;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Decides when a silent client is sent a WebSocket ping, and when it must be gone, and
 * measures how long the answer takes. Confined to the connection's shard, but for
 * {@link #answered()} and {@link #roundTrip()}.
 */
public final class Pings {

	private final long intervalNanos;

	private final Runnable ping;

	/** A ping was sent in this silence. */
	private boolean pinged;

	private volatile long pingedAtNanos;

	/** Whether a ping was sent and not answered. */
	private volatile boolean unanswered;

	/** Of the last ping that was answered; negative for none. */
	private volatile int roundTripMicros = -1;

	/**
	 * Makes it.
	 * @param intervalNanos after how long of silence a client is pinged; 0 for never
	 * @param ping sends a ping
	 */
	public Pings(long intervalNanos, Runnable ping) {
		this.intervalNanos = intervalNanos;
		this.ping = ping;
	}

	/**
	 * Pings once for each silence. The client must be gone when its silence goes on for
	 * as long again after the ping, however seldom this is asked.
	 * @param nanos for how long nothing was read
	 * @return false when the client must be gone
	 */
	public boolean probe(long nanos) {
		if (this.intervalNanos == 0 || nanos < this.intervalNanos) {
			this.pinged = false;
			return true;
		}
		long now = System.nanoTime();
		boolean readSince = this.pinged && now - nanos - this.pingedAtNanos > 0;
		if (!this.pinged || readSince) {
			this.pinged = true;
			this.pingedAtNanos = now;
			this.unanswered = true;
			this.ping.run();
			return true;
		}
		return now - this.pingedAtNanos <= this.intervalNanos;
	}

	/** The client has sent a pong. Called by the thread that reads. */
	public void answered() {
		if (this.unanswered) {
			this.unanswered = false;
			long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - this.pingedAtNanos);
			this.roundTripMicros = (int) Math.min(Integer.MAX_VALUE, micros);
		}
	}

	/**
	 * Returns how long the answer to the last ping took; null if none was answered. Any
	 * thread.
	 */
	public @Nullable Duration roundTrip() {
		int micros = this.roundTripMicros;
		return (micros < 0) ? null : Duration.of(micros, ChronoUnit.MICROS);
	}

}
