package dev.realtime.broker.jdbc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.sequence.TopicCounter;
import org.jspecify.annotations.Nullable;

/** A counter that can keep one answer back, as a network or a collector's pause does. */
final class SlowCounter implements TopicCounter {

	private final TopicCounter counter;

	private volatile @Nullable CompletableFuture<Void> gate;

	private volatile boolean holding;

	SlowCounter(TopicCounter counter) {
		this.counter = counter;
	}

	/** Keeps the answer to the next call. */
	void hold() {
		this.gate = new CompletableFuture<>();
	}

	/** Whether numbers are taken that their publisher does not know yet. */
	boolean isHolding() {
		return this.holding;
	}

	void release() {
		CompletableFuture<Void> closed = this.gate;
		this.gate = null;
		if (closed != null) {
			closed.complete(null);
		}
	}

	@Override
	public CompletionStage<Long> take(Topic topic, String epoch, int count, long above) {
		CompletableFuture<Void> closed = this.gate;
		CompletionStage<Long> taken = this.counter.take(topic, epoch, count, above);
		if (closed == null) {
			return taken;
		}
		return taken.thenCompose((first) -> {
			this.holding = true;
			return closed.thenApply((opened) -> first);
		});
	}

	@Override
	public CompletionStage<Long> takeAbove(Topic topic, String epoch, int count, long above) {
		return this.counter.takeAbove(topic, epoch, count, above);
	}

	@Override
	public boolean isConnected() {
		return this.counter.isConnected();
	}

}
