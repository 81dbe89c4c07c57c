package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.realtime.Epochs;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's part in going on after a restart or failover. It holds back what a script
 * has answered until the replicas have it; it notes how far it has relied on what a
 * server had; and when another server answers, it compares, in {@link Lineage#TAKEOVER},
 * before that server gives or shows anything. Each partition is compared for itself. The
 * argument is in docs/internals/failover.md.
 * <p>
 * Calls wait in their order while a partition is being compared, at most as long as a
 * command may take. Safe for any number of threads.
 */
public final class Continuity implements AutoCloseable {

	/** What {@link FleetSettings} calls it. */
	private static final String MODE = "continue";

	private static final Logger logger = LoggerFactory.getLogger(Continuity.class);

	private static final Duration TICK = Duration.ofMillis(50);

	private static final Duration LEASE = Duration.ofSeconds(60);

	private static final Duration RENEWAL = Duration.ofSeconds(15);

	private static final Duration CLOSE = Duration.ofSeconds(2);

	private static final String PRESENCE = "_presence.";

	private final RedisLink link;

	private final RedisKeys keys;

	private final Continuing options;

	private final Duration timeout;

	private final Loop loop;

	private final byte[] node;

	private final EpochCandidates lineages;

	private final Environment environment;

	private final ContinuedPartition[] partitions;

	private final TakeoverLog log = new TakeoverLog();

	private long connects;

	/**
	 * Joins in the background.
	 * @param link not closed by this
	 * @param timeout how long a call may wait for the comparison
	 * @param loops makes the thread
	 */
	public Continuity(RedisLink link, RedisKeys keys, Continuing options, Duration timeout, Loops loops) {
		this.link = link;
		this.environment = loops.environment();
		this.lineages = new EpochCandidates(this.environment.secureRandom());
		this.keys = keys;
		this.options = options;
		this.timeout = timeout;
		this.node = RedisLink
			.arg(Epochs.next(this.environment.secureRandom()) + Epochs.next(this.environment.secureRandom()));
		this.partitions = new ContinuedPartition[keys.partitions().count()];
		for (int i = 0; i < this.partitions.length; i++) {
			this.partitions[i] = new ContinuedPartition(keys.of("life", i), this.environment);
		}
		this.loop = loops.loop("realtime-redis-failover");
		this.loop.execute(this::tick);
		this.loop.every(TICK, this::tick);
	}

	/**
	 * Whether the topic goes on. Those of presence do not: what they tell is also in
	 * presence itself, and their events are published by its own script.
	 */
	public static boolean isOf(Topic topic) {
		return !topic.name().startsWith(PRESENCE);
	}

	/** Why some partitions are not served, as a sentence, or null when all are. */
	public @Nullable String problem() {
		long waiting = Arrays.stream(this.partitions).filter((each) -> !each.isOpen()).count();
		return (waiting == 0) ? null
				: waiting + " of " + this.partitions.length + " partitions are not served yet. " + this.log.sentence();
	}

	/**
	 * Runs a script on a topic, and holds the answer back until the replicas have what it
	 * tells, or have had their time.
	 * @return fails as {@link RedisLink#eval} does, and with a {@link TakeoverException}
	 */
	public <T> CompletionStage<Continued<T>> eval(RedisScript script, ScriptOutputType output, Topic topic,
			byte[][] scriptKeys, byte[]... args) {
		Partitions all = this.keys.partitions();
		ContinuedPartition partition = this.partitions[all.of(topic)];
		ContinuedCall<T> call = new ContinuedCall<>(Lineage.continuing(script), scriptKeys, args,
				this.environment.nanoTime() + this.timeout.toNanos());
		Sent sent = partition.sendOrHold(call, () -> send(partition, call));
		if (sent != null) {
			sent.listen();
		}
		return call;
	}

	/**
	 * In the partition's lock, so that calls are sent in the order of their decisions.
	 */
	private <T> Sent send(ContinuedPartition partition, ContinuedCall<T> call) {
		ContinuedPartition.Opened opened = partition.opened();
		CompletionStage<List<Object>> answer = this.link.eval(call.script, ScriptOutputType.MULTI,
				with(call.keys, partition.key),
				with(call.args, this.node, RedisLink.arg(opened.lineage()), RedisLink.arg(opened.term())));
		return () -> answer.whenComplete((reply, failure) -> {
			try {
				answered(partition, call, opened, reply, failure);
			}
			catch (Throwable ex) {
				this.loop.failed(ex);
				call.completeExceptionally(ex);
			}
		});
	}

	private <T> void answered(ContinuedPartition partition, ContinuedCall<T> call, ContinuedPartition.Opened opened,
			List<Object> reply, @Nullable Throwable failure) {
		if (failure != null) {
			call.completeExceptionally(RedisLink.unwrap(failure));
			return;
		}
		switch (text(reply.get(0))) {
			case "open" -> hold(partition, call, opened, reply);
			case "closed" -> {
				partition.again(call);
				this.loop.execute(() -> ask(partition));
			}
			default -> {
				partition.shut();
				this.loop.execute(() -> ask(partition));
				call.completeExceptionally(TakeoverException.notYet("The lease of this node had expired."));
			}
		}
	}

	@SuppressWarnings("unchecked")
	private <T> void hold(ContinuedPartition partition, ContinuedCall<T> call, ContinuedPartition.Opened opened,
			List<Object> reply) {
		long mark = Long.parseLong(text(reply.get(1)));
		T value = (T) reply.get(2);
		this.link.confirm(partition.key, this.options.replicas(), this.options.replicaTimeout())
			.whenComplete((told, failure) -> {
				try {
					if (failure == null && partition.rely(opened, told.life(), mark)) {
						call.complete(new Continued<>(value, told.replicated()));
						return;
					}
					this.loop.execute(() -> ask(partition));
				}
				finally {
					call.completeExceptionally(TakeoverException.meanwhile());
				}
			});
	}

	private void tick() {
		long now = this.environment.nanoTime();
		long made = this.link.connects();
		boolean another = made != this.connects;
		this.connects = made;
		if (another) {
			agree();
		}
		for (ContinuedPartition partition : this.partitions) {
			partition.expire(now, this.log.sentence());
			if (another || partition.isDue(now)) {
				ask(partition);
			}
		}
	}

	/**
	 * A Redis that has forgotten everything must not let nodes in that begin new epochs.
	 */
	private void agree() {
		FleetSettings.agreeOnFailover(this.link, this.keys, MODE).whenComplete((fleet, failure) -> {
			if (failure == null && !fleet.equals(MODE)) {
				logger.error("The fleet uses realtime.redis.failover={}, but this node has {}: topics begin new "
						+ "epochs repeatedly. Set the same value on all nodes", fleet, MODE);
			}
		});
	}

	private void ask(ContinuedPartition partition) {
		ContinuedPartition.Question question = partition.question(LEASE);
		if (question == null) {
			return;
		}
		CompletionStage<List<Object>> answer = this.link.eval(Lineage.TAKEOVER, ScriptOutputType.MULTI,
				new byte[][] { partition.key }, this.node, RedisLink.arg(question.lineage()),
				RedisLink.arg(question.term()), RedisLink.arg(question.mark()), RedisLink.arg(question.life()),
				this.lineages.next(), RedisLink.arg(this.options.takeoverTimeout().toMillis()),
				RedisLink.arg(LEASE.toMillis()), RedisLink.arg(question.stranger() ? 1 : 0),
				RedisLink.arg(question.bound() ? 1 : 0));
		answer.whenComplete((reply, failure) -> this.loop.execute(() -> heard(partition, question, reply, failure)));
	}

	private void heard(ContinuedPartition partition, ContinuedPartition.Question question, List<Object> reply,
			@Nullable Throwable failure) {
		if (failure != null) {
			partition.unheard(TICK.multipliedBy(2));
			this.log.failed(failure);
			return;
		}
		if (text(reply.get(0)).equals("wait")) {
			this.log.comparing();
			// longer than any server of the meantime waits for its nodes
			if (partition.promise(text(reply.get(1)), TICK,
					this.options.takeoverTimeout().multipliedBy(5).dividedBy(4))) {
				ask(partition);
			}
			return;
		}
		if (text(reply.get(0)).equals("elsewhere")) {
			this.log.elsewhere();
			partition.unheard(TICK.multipliedBy(2));
			return;
		}
		ContinuedPartition.Opened found = new ContinuedPartition.Opened(text(reply.get(1)),
				Long.parseLong(text(reply.get(2))), text(reply.get(3)));
		String how = text(reply.get(4));
		this.log.found(question, found);
		if (partition.accept(found, how, RENEWAL)) {
			resume(partition);
		}
		else {
			register(partition, found);
		}
	}

	/**
	 * A node may show something only when the replicas know the node: otherwise one that
	 * is promoted would not wait for it.
	 */
	private void register(ContinuedPartition partition, ContinuedPartition.Opened found) {
		this.link.confirm(partition.key, this.options.replicas(), this.options.replicaTimeout())
			.whenComplete((told, failure) -> this.loop.execute(() -> {
				if (failure == null && told.replicated() && told.life().equals(found.life())) {
					partition.registered(found, RENEWAL);
					resume(partition);
				}
				else {
					this.log.unregistered();
					partition.unregistered(TICK.multipliedBy(4));
				}
			}));
	}

	private void resume(ContinuedPartition partition) {
		for (Sent each : partition.resume((call) -> send(partition, call))) {
			each.listen();
		}
	}

	/**
	 * Leaves the fleet, if Redis answers within 2 s, so that the next takeover does not
	 * wait for this node.
	 */
	@Override
	public void close() {
		List<CompletableFuture<?>> left = new ArrayList<>();
		for (ContinuedPartition partition : this.partitions) {
			ContinuedPartition.Opened opened = partition.close();
			if (opened != null) {
				left.add(this.link
					.eval(Lineage.LEAVE, ScriptOutputType.INTEGER, new byte[][] { partition.key }, this.node,
							RedisLink.arg(opened.lineage()), RedisLink.arg(opened.term()))
					.toCompletableFuture());
			}
		}
		try {
			Void unused = this.environment.await(
					CompletableFuture.allOf(left.toArray(CompletableFuture[]::new)).exceptionally((failure) -> null),
					CLOSE);
		}
		catch (ExecutionException | TimeoutException ex) {
			this.log.failed(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		var unused = this.loop.close(Duration.ZERO);
	}

	private static byte[][] with(byte[][] some, byte[]... more) {
		byte[][] all = Arrays.copyOf(some, some.length + more.length);
		System.arraycopy(more, 0, all, some.length, more.length);
		return all;
	}

	private static String text(Object bytes) {
		return RedisLink.text((byte[]) bytes);
	}

	/** A call that was sent, and whose answer is not yet listened to. */
	interface Sent {

		/** Outside of the lock: what completes may run anything. */
		void listen();

	}

}
