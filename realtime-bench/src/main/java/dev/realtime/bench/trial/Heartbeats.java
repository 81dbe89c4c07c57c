package dev.realtime.bench.trial;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats of one connection, as STOMP 1.2 negotiates them: sends those that it
 * promised, and notices if those of the server stop. Confined to the event loop.
 */
final class Heartbeats {

	/** A server that is silent for so many intervals is gone. */
	private static final int MISSED = 3;

	private final long millis;

	private @Nullable Future<?> sending;

	private @Nullable Future<?> watching;

	private long heardNanos;

	/**
	 * Creates those of one connection.
	 * @param interval that the client promises and asks for; zero for none
	 */
	Heartbeats(Duration interval) {
		this.millis = interval.toMillis();
	}

	/**
	 * Begins after CONNECTED.
	 * @param ofServer its header {@code heart-beat}, or empty
	 * @param send sends one
	 * @param lost told once that the server is silent, and for how long
	 */
	void begin(EventLoop loop, String ofServer, Runnable send, Runnable lost) {
		int comma = ofServer.indexOf(',');
		if (comma < 0 || this.millis == 0) {
			return;
		}
		this.heardNanos = System.nanoTime();
		long sends = Long.parseLong(ofServer.substring(0, comma).strip());
		long wants = Long.parseLong(ofServer.substring(comma + 1).strip());
		if (wants > 0) {
			long every = Math.max(this.millis, wants);
			this.sending = loop.scheduleAtFixedRate(send, every, every, TimeUnit.MILLISECONDS);
		}
		if (sends > 0) {
			long every = Math.max(this.millis, sends);
			this.watching = loop.scheduleAtFixedRate(() -> {
				if (System.nanoTime() - this.heardNanos > TimeUnit.MILLISECONDS.toNanos(MISSED * every)) {
					stop();
					lost.run();
				}
			}, every, every, TimeUnit.MILLISECONDS);
		}
	}

	/** Something came from the server. */
	void heard() {
		this.heardNanos = System.nanoTime();
	}

	/** Idempotent. */
	void stop() {
		if (this.sending != null) {
			this.sending.cancel(false);
		}
		if (this.watching != null) {
			this.watching.cancel(false);
		}
	}

}
