package dev.realtime.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

/** A broker that breaks its contract on request: see {@link Fault}. */
public final class FaultyBroker extends DelegatingBroker {

	/** What a call does instead of answering. */
	public enum Fault {

		THROWS_AN_EXCEPTION, THROWS_AN_ERROR, RETURNS_NULL, NEVER_ANSWERS, ANSWERS_NULL

	}

	public final UnreliableBroker broker = new UnreliableBroker();

	/** Subscribing fails while true. */
	public volatile boolean relayAway;

	/** Topics of which {@link TopicLog#holding} does not know anything. */
	public volatile Predicate<Topic> unheld = (topic) -> false;

	public volatile Fault fault = Fault.THROWS_AN_EXCEPTION;

	/** So many of the next calls have the fault. */
	public final AtomicInteger heads = new AtomicInteger();

	public final AtomicInteger reads = new AtomicInteger();

	public final AtomicInteger latest = new AtomicInteger();

	public final AtomicInteger subscribes = new AtomicInteger();

	public final AtomicInteger unsubscribes = new AtomicInteger();

	private final TopicLog log = new Log();

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	@SuppressWarnings("NullAway") // It is the fault.
	private <T> CompletionStage<T> call(AtomicInteger faults, Supplier<CompletionStage<T>> healthy) {
		if (faults.getAndUpdate((left) -> Math.max(0, left - 1)) == 0) {
			return healthy.get();
		}
		return switch (this.fault) {
			case THROWS_AN_EXCEPTION -> throw new IllegalStateException("on purpose");
			case THROWS_AN_ERROR -> throw new OutOfMemoryError("on purpose");
			case RETURNS_NULL -> null;
			case NEVER_ANSWERS -> new CompletableFuture<>();
			case ANSWERS_NULL -> CompletableFuture.completedFuture(null);
		};
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return call(this.subscribes,
				() -> this.relayAway ? CompletableFuture.failedFuture(new IllegalStateException("The relay is away"))
						: this.broker.subscribe(topic));
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return call(this.unsubscribes, () -> this.broker.unsubscribe(topic));
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return call(this.subscribes,
				() -> this.relayAway ? CompletableFuture.failedFuture(new IllegalStateException("The relay is away"))
						: this.broker.subscribe(pattern));
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return call(this.unsubscribes, () -> this.broker.unsubscribe(pattern));
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	private final class Log implements TopicLog {

		@Override
		public CompletionStage<List<Position>> heads(List<Topic> topics) {
			return call(FaultyBroker.this.heads, () -> FaultyBroker.this.broker.log().heads(topics));
		}

		@Override
		public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
			return call(FaultyBroker.this.reads, () -> FaultyBroker.this.broker.log().read(topic, after, limit));
		}

		@Override
		public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
			return call(FaultyBroker.this.latest,
					() -> FaultyBroker.this.broker.log().readBefore(topic, before, limit));
		}

		@Override
		public TopicLog holding(Topic topic) {
			if (FaultyBroker.this.unheld.test(topic)) {
				throw new IllegalStateException("on purpose");
			}
			return this;
		}

	}

}
