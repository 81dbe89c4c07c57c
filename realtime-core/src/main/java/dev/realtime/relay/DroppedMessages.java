package dev.realtime.relay;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the log compared when the engine reports that it dropped messages: at once, or when
 * the pause since the last comparison is over, so that losses in a row lead to one
 * comparison. Runs on the relay's thread, apart from {@link #report}.
 */
final class DroppedMessages {

	private static final Logger logger = LoggerFactory.getLogger(DroppedMessages.class);

	private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final String engine;

	private final Incoming incoming;

	private final Loop thread;

	private final BooleanSupplier isRestored;

	private final AtomicBoolean reported = new AtomicBoolean();

	private final LogThrottle drops;

	private long comparedNanos;

	/**
	 * No reports yet.
	 * @param incoming has the listener that compares
	 * @param isRestored whether all that is wanted is subscribed to; if not, a comparison
	 * follows anyway
	 */
	DroppedMessages(String engine, Incoming incoming, Loop thread, BooleanSupplier isRestored) {
		this.engine = engine;
		this.incoming = incoming;
		this.thread = thread;
		this.isRestored = isRestored;
		this.drops = new LogThrottle(thread.environment());
		this.comparedNanos = thread.environment().nanoTime() - PAUSE_NANOS;
	}

	/** Notes that messages were dropped. Any thread. */
	void report() {
		if (this.reported.compareAndSet(false, true)) {
			this.thread.execute(() -> {
				long wait = PAUSE_NANOS - (this.thread.environment().nanoTime() - this.comparedNanos);
				if (wait <= 0) {
					dropped();
				}
				else {
					this.thread.after(Duration.ofNanos(wait), this::dropped);
				}
			});
		}
	}

	/** Has the log compared now, whatever was reported. */
	void compare() {
		this.comparedNanos = this.thread.environment().nanoTime();
		this.incoming.reconnected();
	}

	private void dropped() {
		this.reported.set(false);
		if (this.isRestored.getAsBoolean()) {
			long since = this.drops.add();
			if (since > 0) {
				logger.warn("Messages from {} were dropped; missing messages are read from the log ({} times since "
						+ "this was last logged)", this.engine, since);
			}
			this.comparedNanos = this.thread.environment().nanoTime();
			this.incoming.dropped();
		}
	}

}
