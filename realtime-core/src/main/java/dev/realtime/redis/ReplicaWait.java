package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.loop.Loop;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Asks one master whether its replicas have what it has carried out, on a connection of
 * its own, because WAIT blocks the one on which it is sent. All calls that come while a
 * question is under way share the next one: whatever was answered on any connection
 * before a question is sent is covered by its answer, since a master's replicas get its
 * writes in one order.
 * <p>
 * A question is a small write that tells who the master is, and WAIT. Lettuce must not
 * send either again to another server, so both fail when the connection breaks; and an
 * answer of WAIT counts only if the connection has not changed since that of the write.
 * <p>
 * All state is confined to the loop.
 */
final class ReplicaWait {

	private static final Duration AGAIN = Duration.ofMillis(20);

	/** How long replicas are waited for that are not connected, ms. */
	private static final long ABSENT_MILLIS = 1;

	private final Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opening;

	private final Loop loop;

	private final Duration patience;

	private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

	private boolean busy;

	private boolean closed;

	/**
	 * Whether so few replicas were connected when last asked that WAIT cannot succeed.
	 */
	private boolean absent;

	private List<Asked> next = new ArrayList<>();

	/**
	 * Written on the I/O thread: how often the connection was lost, and what fails with
	 * it.
	 */
	private volatile int losses;

	private volatile @Nullable CompletableFuture<?> running;

	/**
	 * For one master.
	 * @param opening opens the connection
	 * @param patience how long an answer may take besides the replicas' time
	 */
	ReplicaWait(Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> opening, Loop loop,
			Duration patience) {
		this.opening = opening;
		this.loop = loop;
		this.patience = patience;
	}

	/**
	 * Any thread.
	 * @param key of this master's, a hash in which a field is written
	 * @return fails when the master cannot be asked in time
	 */
	CompletionStage<Confirmation> confirm(byte[] key, int replicas, Duration timeout) {
		CompletableFuture<Confirmation> answer = new CompletableFuture<>();
		Asked asked = new Asked(key, replicas, timeout.toMillis(), answer,
				this.loop.environment().nanoTime() + this.patience.plus(timeout).toNanos());
		if (!this.loop.tryExecute(() -> add(asked))) {
			answer.completeExceptionally(lost());
		}
		return answer;
	}

	private void add(Asked asked) {
		if (this.closed) {
			asked.answer.completeExceptionally(lost());
			return;
		}
		this.next.add(asked);
		if (!this.busy) {
			this.busy = true;
			begin();
		}
	}

	/** Whatever is thrown, the next attempt comes. */
	private void begin() {
		try {
			attempt();
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			later();
		}
	}

	private void attempt() {
		expire();
		if (this.next.isEmpty() || this.closed) {
			this.busy = false;
			return;
		}
		StatefulRedisConnection<byte[], byte[]> open = this.connection;
		if (open == null) {
			open();
		}
		else if (!open.isOpen()) {
			later();
		}
		else {
			ask(open);
		}
	}

	private void open() {
		this.opening.get().whenCompleteAsync((opened, failure) -> {
			if (failure != null) {
				later();
				return;
			}
			opened.addListener(new RedisConnectionStateListener() {
				@Override
				public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
					brokeOff();
				}
			});
			this.connection = opened;
			if (this.closed) {
				close();
			}
			begin();
		}, this.loop);
	}

	/** On the I/O thread, before Lettuce connects again. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one I/O thread
	private void brokeOff() {
		this.losses++;
		CompletableFuture<?> asked = this.running;
		if (asked != null) {
			asked.completeExceptionally(lost());
		}
	}

	private void ask(StatefulRedisConnection<byte[], byte[]> open) {
		List<Asked> round = this.next;
		Asked last = round.get(round.size() - 1);
		int replicas = round.stream().mapToInt(Asked::replicas).max().orElse(0);
		long millis = this.absent ? ABSENT_MILLIS : round.stream().mapToLong(Asked::millis).max().orElse(0);
		int before = this.losses;
		RedisAsyncCommands<byte[], byte[]> redis = open.async();
		CompletableFuture<byte[]> who = redis
			.<byte[]>eval(Lineage.WHO, ScriptOutputType.VALUE, new byte[][] { last.key })
			.toCompletableFuture();
		CompletableFuture<Long> have = (replicas == 0) ? CompletableFuture.completedFuture(0L)
				: redis.waitForReplication(replicas, millis).toCompletableFuture();
		this.next = new ArrayList<>();
		CompletableFuture<Round> both = who.thenCombine(have, (text, count) -> round(text, count, replicas));
		CompletableFuture<Round> answer = new CompletableFuture<>();
		this.running = answer;
		var unusedRound = both.whenComplete((done, failure) -> {
			if (failure != null) {
				answer.completeExceptionally(RedisLink.unwrap(failure));
			}
			else {
				answer.complete(done);
			}
		});
		if (this.losses != before) {
			answer.completeExceptionally(lost());
		}
		Loop.Delayed late = this.loop.after(this.patience.plusMillis(millis), () -> {
			if (answer.completeExceptionally(lost())) {
				Connections.disconnect(open);
			}
		});
		var unusedEnd = answer.whenComplete((done, failure) -> {
			// what is unanswered must not be sent again to another server
			who.cancel(true);
			have.cancel(true);
			late.cancel();
			this.loop.execute(() -> ended(round, last, before, done, failure));
		});
	}

	private static Round round(byte[] text, long count, int replicas) {
		String[] words = RedisLink.text(text).split(" ", -1);
		return new Round(words[0], count >= replicas, Integer.parseInt(words[1]) < replicas);
	}

	private void ended(List<Asked> round, Asked last, int before, @Nullable Round done, @Nullable Throwable failure) {
		this.running = null;
		if (done != null && this.losses == before) {
			this.absent = done.absent;
			Confirmation told = new Confirmation(done.life, done.replicated);
			round.forEach((asked) -> asked.answer.complete(told));
			begin();
			return;
		}
		if (failure instanceof RedisCommandExecutionException) {
			// such as MOVED, or READONLY of a master that has become a replica
			round.stream()
				.filter((asked) -> Arrays.equals(asked.key, last.key))
				.forEach((asked) -> asked.answer.completeExceptionally(failure));
		}
		List<Asked> again = new ArrayList<>(round);
		again.removeIf((asked) -> asked.answer.isDone());
		again.addAll(this.next);
		this.next = again;
		later();
	}

	private void later() {
		expire();
		this.loop.after(AGAIN, this::begin);
	}

	/** Fails what has waited too long; on the loop, called now and then. */
	void expire() {
		long now = this.loop.environment().nanoTime();
		this.next.removeIf((asked) -> {
			if (asked.deadline - now > 0) {
				return false;
			}
			asked.answer.completeExceptionally(lost());
			return true;
		});
	}

	/** Any thread; what is unanswered fails. */
	void close() {
		this.loop.execute(() -> {
			this.closed = true;
			this.next.forEach((asked) -> asked.answer.completeExceptionally(lost()));
			this.next.clear();
			StatefulRedisConnection<byte[], byte[]> open = this.connection;
			if (open != null) {
				var unused = open.closeAsync();
			}
		});
	}

	private static RedisConnectionException lost() {
		return new RedisConnectionException("Redis did not confirm whether its replicas have received the write");
	}

	private record Round(String life, boolean replicated, boolean absent) {
	}

	/** One call of {@link #confirm}. */
	@SuppressWarnings("ArrayRecordComponent")
	private record Asked(byte[] key, int replicas, long millis, CompletableFuture<Confirmation> answer, long deadline) {
	}

}
