package dev.realtime.spring.websocket;

/**
 * Decides when a silent client is sent a WebSocket ping, and when it must be gone.
 * Confined to the connection's shard.
 */
public final class Pings {

	private final long intervalNanos;

	private final Runnable ping;

	/** A ping was sent in this silence. */
	private boolean pinged;

	private long pingedAtNanos;

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
			this.ping.run();
			return true;
		}
		return now - this.pingedAtNanos <= this.intervalNanos;
	}

}
