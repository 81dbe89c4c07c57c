package dev.realtime.presence.redis;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisRefusedException;
import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what topics have to say to Redis: one call at a time for a topic, at most
 * {@value #CONCURRENT} for the node. A topic whose call failed waits until
 * {@link #retry}. Safe for any number of threads; nothing blocks.
 */
final class TopicCalls {

	/** Round trips at a time. */
	static final int CONCURRENT = 64;

	/** Users in one call, and leaves found by one call. */
	static final int BATCH = 500;

	private static final Logger logger = LoggerFactory.getLogger(TopicCalls.class);

	private final LogThrottle events;

	private final LogThrottle writes;

	private final PresenceStore store;

	/** Told when a topic has nothing left. */
	private final Consumer<LocalTopic> dropped;

	/** Guarded by itself. Each topic is here at most once. */
	private final Queue<LocalTopic> queue = new ArrayDeque<>();

	/** Guarded by the queue. */
	private int underWay;

	/** Topics that wait for a better time. */
	private final Set<LocalTopic> waiting = ConcurrentHashMap.newKeySet();

	/** Above 0 while a thread is in {@link #pump()}, which must not call itself. */
	private final AtomicInteger pumping = new AtomicInteger();

	TopicCalls(PresenceStore store, Consumer<LocalTopic> dropped, Environment environment) {
		this.events = new LogThrottle(environment);
		this.writes = new LogThrottle(environment);
		this.store = store;
		this.dropped = dropped;
	}

	/** Makes a call soon if the topic has something to say. */
	void submit(LocalTopic topic) {
		if (topic.wants()) {
			synchronized (this.queue) {
				this.queue.add(topic);
			}
			pump();
		}
	}

	/** Tries again what failed on a partition. */
	void retry(PresencePartition partition) {
		for (LocalTopic topic : List.copyOf(this.waiting)) {
			if (topic.partition == partition && this.waiting.remove(topic)) {
				submit(topic);
			}
		}
	}

	/** Whether so much is queued that more should not be looked for. */
	boolean isBusy() {
		synchronized (this.queue) {
			return this.queue.size() > BATCH;
		}
	}

	private void pump() {
		if (this.pumping.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			for (LocalTopic next = next(); next != null; next = next()) {
				call(next);
			}
			seen = this.pumping.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private @Nullable LocalTopic next() {
		synchronized (this.queue) {
			LocalTopic next = (this.underWay < CONCURRENT) ? this.queue.poll() : null;
			this.underWay += (next != null) ? 1 : 0;
			return next;
		}
	}

	private void call(LocalTopic topic) {
		TopicCall call = topic.begin(BATCH);
		if (call == null) {
			over(topic, true);
			return;
		}
		int room = topic.partition.outage.mayFindLeaves() ? BATCH : 0;
		stage(() -> this.store.apply(topic.topic, call, room)).whenComplete((reply, failure) -> {
			if (failure != null) {
				topic.failed(call);
				failed(topic, RedisLink.unwrap(failure));
				over(topic, false);
			}
			else {
				if (!reply.failure().isEmpty()) {
					warn(this.events,
							"Events on {} could not be stored or announced: {} ({} times since this was last logged)",
							topic, RedisDiagnosis.ofReply(reply.failure(), "announcing"));
				}
				afterwards(topic, call, reply);
			}
		});
	}

	/** What an answer entails is part of the call: the topic's next one comes later. */
	private void afterwards(LocalTopic topic, TopicCall call, TopicReply reply) {
		stage(() -> topic.answered(call, reply) ? CompletableFuture.completedStage(null) : reconcile(topic, reply))
			.whenComplete((done, failure) -> {
				if (failure != null) {
					topic.renew();
					failed(topic, RedisLink.unwrap(failure));
				}
				over(topic, failure == null);
			});
	}

	/** What is thrown fails one topic's call rather than all that follow. */
	private static <T> CompletionStage<T> stage(Supplier<CompletionStage<T>> call) {
		try {
			return call.get();
		}
		catch (Throwable ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	private CompletionStage<Void> reconcile(LocalTopic topic, TopicReply reply) {
		CompletionStage<Set<String>> stored = (reply.held() == 0) ? CompletableFuture.completedStage(Set.of())
				: this.store.stored(topic.topic);
		return stored.thenAccept(topic::reconcile);
	}

	private static void warn(LogThrottle pace, String sentence, LocalTopic topic, Object why) {
		long since = pace.add();
		if (since > 0) {
			logger.warn(sentence, topic.topic, why, since);
		}
	}

	/** An error that Redis answers is this topic's own, unless it refuses all writes. */
	private void failed(LocalTopic topic, Throwable failure) {
		if (failure instanceof RedisCommandExecutionException
				&& !(failure instanceof RedisRefusedException refused && !refused.isPermission())) {
			warn(this.writes,
					"Presence on {} could not be written; trying again: {} ({} times since this was last logged)",
					topic, failure);
		}
		else {
			topic.partition.outage.failed(failure);
		}
	}

	private void over(LocalTopic topic, boolean goOn) {
		synchronized (this.queue) {
			this.underWay--;
		}
		if (topic.release()) {
			this.dropped.accept(topic);
		}
		else if (goOn) {
			submit(topic);
		}
		else {
			this.waiting.add(topic);
		}
		pump();
	}

}
