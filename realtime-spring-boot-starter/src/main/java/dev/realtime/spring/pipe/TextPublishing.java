package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the messages of one text, one after the other. A message without a receipt is
 * published again with the same id, for a time. Confined to the loop.
 */
final class TextPublishing {

	/** What has no answer by then is tried again. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

	private final Loop loop;

	private final RealtimePublisher publisher;

	private final long giveUpNanos;

	private final Consumer<Throwable> givenUp;

	/** Counts tries: a late answer to an earlier one changes nothing. */
	private long attempt;

	private boolean busy;

	private long sinceNanos;

	private Duration pause = FIRST_PAUSE;

	private Loop.@Nullable Delayed timer;

	/**
	 * Creates it.
	 * @param giveUp how long a message is tried
	 * @param givenUp called when that time is over, instead of the message's own callback
	 */
	TextPublishing(Loop loop, RealtimePublisher publisher, Duration giveUp, Consumer<Throwable> givenUp) {
		this.loop = loop;
		this.publisher = publisher;
		this.giveUpNanos = giveUp.toNanos();
		this.givenUp = givenUp;
	}

	/** Whether a message has no receipt yet. */
	boolean isBusy() {
		return this.busy;
	}

	/** Publishes; must not be busy. */
	void publish(Publication message, Consumer<PublishReceipt> stored) {
		this.busy = true;
		this.sinceNanos = this.loop.environment().nanoTime();
		this.pause = FIRST_PAUSE;
		attempt(message, stored);
	}

	/** Calls nobody back from now on. */
	void close() {
		this.attempt++;
		cancelTimer();
	}

	private void attempt(Publication message, Consumer<PublishReceipt> stored) {
		long number = ++this.attempt;
		this.timer = this.loop.after(PATIENCE,
				() -> answered(number, message, stored, null, new TimeoutException("No receipt within " + PATIENCE)));
		try {
			this.loop.listen(this.publisher.publish(message),
					(receipt, failure) -> this.loop.execute(() -> answered(number, message, stored, receipt, failure)));
		}
		catch (Throwable ex) {
			answered(number, message, stored, null, ex);
		}
	}

	private void answered(long number, Publication message, Consumer<PublishReceipt> stored,
			@Nullable PublishReceipt receipt, @Nullable Throwable failure) {
		if (number != this.attempt) {
			return;
		}
		this.attempt++;
		cancelTimer();
		if (receipt != null) {
			this.busy = false;
			stored.accept(receipt);
			return;
		}
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: (failure != null) ? failure : new IllegalStateException("The publisher answered null");
		long left = this.giveUpNanos - (this.loop.environment().nanoTime() - this.sinceNanos);
		if (left < this.pause.toNanos() || cause instanceof IllegalArgumentException) {
			this.givenUp.accept(cause);
			return;
		}
		this.timer = this.loop.after(this.pause, () -> attempt(message, stored));
		Duration doubled = this.pause.multipliedBy(2);
		this.pause = (doubled.compareTo(LONGEST_PAUSE) < 0) ? doubled : LONGEST_PAUSE;
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

}
