package dev.realtime.feed;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The feeds' and recoveries' only door to the broker and its logs. The stage that a call
 * returns ends exactly once, whatever the broker does: a call fails if it throws, returns
 * null, answers something else than was asked for, or does not answer within
 * {@link #LIMIT}. A later or second answer is ignored. Safe for any number of threads;
 * never throws. Internal to the engine.
 */
public final class BrokerCalls {

	/**
	 * How long a call may take. Stores have shorter limits of their own; this one is for
	 * a store that forgets to answer.
	 */
	static final Duration LIMIT = Duration.ofSeconds(30);

	private final Broker broker;

	private final Environment environment;

	private final Set<Call<?>> open = ConcurrentHashMap.newKeySet();

	BrokerCalls(Broker broker, Environment environment) {
		this.broker = broker;
		this.environment = environment;
	}

	CompletionStage<Void> subscribe(Topic topic) {
		return call(() -> this.broker.subscribe(topic), (nothing) -> true);
	}

	CompletionStage<Void> unsubscribe(Topic topic) {
		return call(() -> this.broker.unsubscribe(topic), (nothing) -> true);
	}

	CompletionStage<Void> subscribe(TopicPattern pattern) {
		return call(() -> this.broker.subscribe(pattern), (nothing) -> true);
	}

	CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return call(() -> this.broker.unsubscribe(pattern), (nothing) -> true);
	}

	CompletionStage<Position> head(Topic topic) {
		return heads(() -> this.broker.log(), List.of(topic)).thenApply((heads) -> heads.get(0));
	}

	CompletionStage<List<Position>> heads(TopicLog log, List<Topic> topics) {
		return heads(() -> log, topics);
	}

	/** Reads what follows the position. */
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		return call(() -> this.broker.log().read(topic, after, limit), (page) -> page != null);
	}

	/** Reads the latest messages. */
	public CompletionStage<LogPage> latest(Topic topic, int count) {
		return call(() -> this.broker.log().readBefore(topic, null, count), (page) -> page != null);
	}

	/** Returns the log that holds the topic, or null when the broker fails to say. */
	@Nullable TopicLog holding(Topic topic) {
		try {
			return this.broker.log().holding(topic);
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/** Whether the broker says that it is connected; one that throws is not. */
	boolean isConnected() {
		try {
			return this.broker.isConnected();
		}
		catch (Throwable ex) {
			return false;
		}
	}

	/** Fails the calls that have not been answered within the limit. */
	public void expire(long nowNanos) {
		List<Call<?>> expired = this.open.stream()
			.filter((call) -> nowNanos - call.sinceNanos > LIMIT.toNanos())
			.toList();
		for (Call<?> call : expired) {
			this.open.remove(call);
			call.completeExceptionally(new TimeoutException("The broker did not answer within " + LIMIT));
		}
	}

	private CompletionStage<List<Position>> heads(Supplier<TopicLog> log, List<Topic> topics) {
		return call(() -> log.get().heads(topics),
				(heads) -> heads != null && heads.size() == topics.size() && !heads.contains(null));
	}

	private <T> CompletionStage<T> call(Supplier<? extends @Nullable CompletionStage<T>> start,
			Predicate<? super @Nullable T> isAnswer) {
		Call<T> call = new Call<>(this.environment.nanoTime());
		try {
			this.open.add(call);
			CompletionStage<T> stage = start.get();
			if (stage == null) {
				throw new IllegalStateException("The broker returned null instead of a CompletionStage");
			}
			CompletionStage<T> unused = stage.whenComplete((answer, failure) -> {
				this.open.remove(call);
				call.end(answer, failure, isAnswer);
			});
		}
		catch (Throwable ex) {
			this.open.remove(call);
			call.completeExceptionally(ex);
		}
		return call;
	}

	/** A call that may not have been answered yet. */
	private static final class Call<T> extends CompletableFuture<T> {

		private final long sinceNanos;

		Call(long nowNanos) {
			this.sinceNanos = nowNanos;
		}

		void end(@Nullable T answer, @Nullable Throwable failure, Predicate<? super @Nullable T> isAnswer) {
			try {
				if (failure != null) {
					completeExceptionally(failure);
				}
				else if (isAnswer.test(answer)) {
					complete(answer);
				}
				else {
					completeExceptionally(
							new IllegalStateException("The answer of the broker does not match the request"));
				}
			}
			catch (Throwable ex) {
				completeExceptionally(ex);
			}
		}

	}

}
