package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.presence.Outage;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of one node: its topics, and a timer that renews them and looks for topics of
 * the whole fleet where something is due. The timer's thread never waits.
 */
final class PresenceNode {

	private static final Logger logger = LoggerFactory.getLogger(PresenceNode.class);

	/** A node looks at no more than a partition in this time. */
	private static final Duration EACH_PARTITION = Duration.ofMillis(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	private static final int CLAIM = 256;

	/** By number. */
	private final List<PresencePartition> partitions;

	private final RedisLink link;

	private final PresenceStore store;

	private final TopicCalls calls;

	private final long refreshNanos;

	private final long pauseNanos;

	private final Loop timer;

	/** Completes when the node is closed and has nothing left to write. */
	private final CompletableFuture<Void> empty = new CompletableFuture<>();

	private volatile boolean closed;

	PresenceNode(RedisLink link, PresenceStore store, int partitions, PresenceOptions options, Loop timer) {
		this.link = link;
		this.store = store;
		AtomicInteger away = new AtomicInteger();
		this.partitions = IntStream.range(0, partitions)
			.mapToObj((number) -> new PresencePartition(number,
					new Outage(options.lease(), timer.environment()::nanoTime, away)))
			.toList();
		this.calls = new TopicCalls(this.store, this::drop, timer.environment());
		this.refreshNanos = options.refresh().toNanos();
		this.pauseNanos = pause(options, partitions).toNanos();
		this.timer = timer;
	}

	private static Duration pause(PresenceOptions options, int partitions) {
		Duration grace = options.grace().isZero() ? options.refresh() : options.grace().dividedBy(4);
		Duration interval = options.limits().countInterval();
		Duration pause = Collections.min(List.of(grace, interval, options.refresh()));
		if (pause.compareTo(LONGEST_PAUSE) > 0) {
			return LONGEST_PAUSE;
		}
		Duration shortest = EACH_PARTITION.multipliedBy(Math.max(20, partitions));
		return (pause.compareTo(shortest) < 0) ? shortest : pause;
	}

	void start() {
		this.timer.every(() -> shortened(this.refreshNanos), this::refresh);
		this.timer.every(() -> shortened(this.pauseNanos), this::look);
	}

	PresenceStore store() {
		return this.store;
	}

	CompletionStage<Void> enter(Topic topic, String user, String connection) {
		while (!this.closed) {
			LocalTopic local = partition(topic).topic(topic);
			CompletionStage<Void> written = local.enter(user, connection);
			if (written != null) {
				this.calls.submit(local);
				return written;
			}
			partition(topic).topics.remove(topic, local);
		}
		return CompletableFuture.failedStage(new IllegalStateException("Presence is closed"));
	}

	CompletionStage<Void> leave(Topic topic, String user, String connection) {
		LocalTopic local = partition(topic).topics.get(topic);
		CompletionStage<Void> written = (local != null) ? local.leave(user, connection) : null;
		if (local == null || written == null) {
			return CompletableFuture.completedStage(null);
		}
		this.calls.submit(local);
		return written;
	}

	/** Renews the lease on all topics, at most so many at a time as the calls allow. */
	private void refresh() {
		this.partitions.forEach(this::refresh);
	}

	private void refresh(PresencePartition partition) {
		for (LocalTopic local : partition.topics.values()) {
			this.timer.contain(() -> {
				local.renew();
				this.calls.submit(local);
			});
		}
	}

	/** Looks whether Redis is back, and what is due in the fleet. */
	private void look() {
		this.partitions.forEach((partition) -> this.timer.contain(() -> look(partition)));
	}

	private void look(PresencePartition partition) {
		int most = mayLookAfterOthers(partition) ? CLAIM : 0;
		this.store.claim(partition.number, most).whenComplete((claim, failure) -> this.timer.contain(() -> {
			if (failure != null) {
				partition.outage.failed(RedisLink.unwrap(failure));
				return;
			}
			boolean longAway = partition.outage.succeeded() > this.refreshNanos;
			if (longAway || !claim.server().equals(partition.server)) {
				partition.server = claim.server();
				refresh(partition);
			}
			this.calls.retry(partition);
			claim.topics().forEach(this::lookAfter);
		}));
	}

	private boolean mayLookAfterOthers(PresencePartition partition) {
		return !this.closed && !this.calls.isBusy() && partition.outage.mayFindLeaves();
	}

	private PresencePartition partition(Topic topic) {
		return this.partitions.get(this.store.partition(topic));
	}

	private boolean isEmpty() {
		return this.partitions.stream().allMatch((partition) -> partition.topics.isEmpty());
	}

	private void lookAfter(Topic topic) {
		PresencePartition partition = partition(topic);
		LocalTopic local = partition.topic(topic);
		while (!local.renew()) {
			partition.topics.remove(topic, local);
			local = partition.topic(topic);
		}
		this.calls.submit(local);
	}

	private void drop(LocalTopic local) {
		local.partition.topics.remove(local.topic, local);
		if (this.closed && isEmpty()) {
			this.empty.complete(null);
		}
	}

	/** Pauses differ between nodes, so that they take turns. */
	private Duration shortened(long nanos) {
		return Duration.ofNanos((long) (nanos * this.timer.environment().random().nextDouble(0.7, 1.0)));
	}

	/**
	 * Gives up all counts, waiting so long for Redis; what is not written then expires.
	 */
	void close(Duration patience) {
		this.closed = true;
		for (PresencePartition partition : this.partitions) {
			partition.topics.values().forEach((local) -> {
				local.leaveAll();
				this.calls.submit(local);
			});
		}
		try {
			if (!isEmpty() && this.link.isConnected()) {
				Void unused = this.timer.environment().await(this.empty, patience);
			}
		}
		catch (TimeoutException | ExecutionException ex) {
			logger.warn(
					"This node closed before its members could be removed from {} topics; they are removed "
							+ "there when the node's lease expires",
					this.partitions.stream().mapToInt((partition) -> partition.topics.size()).sum());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.timer.close();
		this.link.close();
	}

}
