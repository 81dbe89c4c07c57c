package dev.realtime.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how many members a topic has, where they are too many to tell of each one.
 * <p>
 * Every change that was not told by itself is noted here, and settled with the clock's
 * next full interval, by the number that the topic has then: still too many, and that is
 * told ({@code count}); or no more, and clients are told to read the members anew
 * ({@code reset}). So after the last such change there is a true number, or a reset that
 * comes later than all changes that nobody was told of. Nodes that settle the same topic
 * do it under one id for each interval, and the first one's word is the fleet's.
 *
 * <h2>Races between nodes</h2> A number may be stored after the reset of another node
 * that found the topic below: so who has told a number looks once more, and notes the
 * topic again if there are no longer too many. A node whose clock is ahead may settle an
 * interval before another one's last change in it: so who comes second with a change that
 * is younger than a fifth of an interval settles it once more.
 */
final class CrowdCounts implements AutoCloseable {

	/** The nodes' clocks may differ by this part of an interval. */
	private static final int SKEW = 5;

	private static final long CLOSING_MILLIS = 500;

	private static final Logger logger = LoggerFactory.getLogger(CrowdCounts.class);

	private final Presence presence;

	private final PresenceMessages messages;

	private final int most;

	private final long interval;

	private final ScheduledThreadPoolExecutor timer;

	/** When something last changed that nobody was told of. */
	private final Map<Topic, Long> noted = new ConcurrentHashMap<>();

	CrowdCounts(Presence presence, PresenceMessages messages, PresenceLimits limits) {
		this.presence = presence;
		this.messages = messages;
		this.most = limits.maxDiffs();
		this.interval = limits.countInterval().toMillis();
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "realtime-presence-counts");
			thread.setDaemon(true);
			return thread;
		});
	}

	void start() {
		next(System.currentTimeMillis() / this.interval + 1);
	}

	/** The number changed, and there are too many; the first word of it goes out now. */
	void changed(Topic topic, long members) {
		if (note(topic)) {
			CompletionStage<?> unused = count(topic, members, System.currentTimeMillis() / this.interval);
		}
	}

	/** The number fell to where changes are told again. */
	void fell(Topic topic) {
		boolean unused = note(topic);
	}

	/** Settles what is noted, waiting 500 ms at most. */
	@Override
	public void close() {
		this.timer.shutdownNow();
		try {
			settleAll(System.currentTimeMillis() / this.interval + 1).get(CLOSING_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			logger.debug("The last numbers of members were not told", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void next(long bucket) {
		long delay = Math.max(1, bucket * this.interval - System.currentTimeMillis());
		try {
			var unused = this.timer.schedule(() -> tick(bucket), delay, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The node is closed", ex);
		}
	}

	private void tick(long bucket) {
		try {
			var unused = settleAll(bucket);
		}
		finally {
			next(Math.max(bucket, System.currentTimeMillis() / this.interval) + 1);
		}
	}

	private CompletableFuture<Void> settleAll(long bucket) {
		return CompletableFuture.allOf(List.copyOf(this.noted.keySet())
			.stream()
			.map((topic) -> settle(topic, bucket).toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

	private CompletionStage<?> settle(Topic topic, long bucket) {
		Long changed = this.noted.remove(topic);
		if (changed == null) {
			return CompletableFuture.completedStage(null);
		}
		boolean young = changed > bucket * this.interval - this.interval / SKEW;
		return members(topic)
			.thenCompose((members) -> (members > this.most) ? count(topic, members, bucket)
					: this.messages.number(topic, "reset", members, "presence-reset-" + bucket))
			.whenComplete((first, failure) -> {
				if (failure != null || (!first && young)) {
					this.noted.putIfAbsent(topic, changed);
				}
			});
	}

	private CompletionStage<Boolean> count(Topic topic, long members, long bucket) {
		return this.messages.number(topic, "count", members, "presence-count-" + bucket)
			.thenCompose((first) -> first ? lookAgain(topic) : CompletableFuture.completedStage(false));
	}

	private CompletionStage<Boolean> lookAgain(Topic topic) {
		return members(topic).thenApply((members) -> {
			if (members <= this.most) {
				fell(topic);
			}
			return true;
		});
	}

	private CompletionStage<Long> members(Topic topic) {
		try {
			return this.presence.count(topic);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	private boolean note(Topic topic) {
		return this.noted.put(topic, System.currentTimeMillis()) == null;
	}

}
