package dev.realtime.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;
import org.jspecify.annotations.Nullable;

/**
 * Sends script calls in the order in which they were made, also across the loading of a
 * script.
 *
 * <h2>Why order survives</h2> All state belongs to one loop, and only it sends calls.
 * Redis answers in the order of sending, so when the first call is answered NOSCRIPT:
 * <ol>
 * <li>The loading begins. Every call that was sent before it is answered before it, so
 * all that fail likewise are in {@code again}, in order, when the loading ends.
 * <li>Every call made later is not sent but waits in {@code held}.
 * <li>When the script is loaded, {@code again} and then {@code held} are sent.
 * </ol>
 * The loop's thread is none of Lettuce's I/O threads: those write at once, ahead of what
 * other threads have handed over for writing.
 * <p>
 * Calls that come while others are being sent travel as one batch, with one flush. A call
 * that cannot be sent, for whatever reason, fails alone. How many calls wait is limited
 * by the link's callers, and by the time limit of each.
 * <p>
 * One of several independent servers that says it does not have a partition has lost what
 * it has, or was given to a newer list. Such a call is treated likewise, once: the
 * loading claims the server again.
 */
final class ScriptQueue {

	private static final int BATCH = 256;

	private static final int BATCHES_IN_A_ROW = 8;

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final Loop loop;

	private final ServerCondition condition;

	private final ScriptLoader loader;

	private final @Nullable ShardClaim claim;

	private final Queue<ScriptCall<?>> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/** From here on: confined to the loop. */
	private final Map<RedisScript, RedisScript.Loaded> known = new HashMap<>();

	private final Queue<ScriptCall<?>> again = new ArrayDeque<>();

	private final Queue<ScriptCall<?>> held = new ArrayDeque<>();

	private @Nullable RedisScript loading;

	private List<RedisCommand<byte[], byte[], ?>> batch = new ArrayList<>(BATCH);

	ScriptQueue(RedisLink link, StatefulRedisConnection<byte[], byte[]> connection, Loop loop,
			ServerCondition condition, @Nullable ShardClaim claim) {
		this.condition = condition;
		this.connection = connection;
		this.loop = loop;
		this.claim = claim;
		this.loader = new ScriptLoader(link, claim);
	}

	/** Any thread. */
	void submit(ScriptCall<?> call) {
		this.inbox.add(call);
		if (!schedule()) {
			call.completeExceptionally(new RedisAwayException(call.script.name()));
		}
	}

	/** Any thread: the connection broke; what answers next may be another server. */
	void forget() {
		this.loop.execute(this.known::clear);
	}

	/** Returns false when the loop is closed. */
	private boolean schedule() {
		if (this.scheduled.get() || !this.scheduled.compareAndSet(false, true)) {
			return true;
		}
		boolean accepted = false;
		try {
			accepted = this.loop.tryExecute(this::drain);
		}
		finally {
			if (!accepted) {
				this.scheduled.set(false);
			}
		}
		return accepted;
	}

	/** Leaves the loop to others from time to time. */
	private void drain() {
		this.scheduled.set(false);
		try {
			for (int i = 0; i < BATCH * BATCHES_IN_A_ROW; i++) {
				ScriptCall<?> call = this.inbox.poll();
				if (call == null) {
					break;
				}
				take(call);
			}
			flush();
		}
		finally {
			if (!this.inbox.isEmpty()) {
				schedule();
			}
		}
	}

	private void take(ScriptCall<?> call) {
		try {
			sendOrHold(call);
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			call.completeExceptionally(ex);
		}
	}

	private void sendOrHold(ScriptCall<?> call) {
		RedisScript.Loaded loaded = this.known.get(call.script);
		if (loaded != null && this.loading == null) {
			send(call, loaded);
			return;
		}
		this.held.add(call);
		if (this.loading == null) {
			load(call.script);
		}
	}

	private <T> void send(ScriptCall<T> call, RedisScript.Loaded loaded) {
		if (call.isDone()) {
			return;
		}
		AsyncCommand<byte[], byte[], T> attempt = call.attempt(loaded);
		byte[] key = (call.keys.length > 0) ? call.keys[0] : null;
		if (key != null) {
			this.condition.sending(key);
		}
		attempt.onComplete((result, failure) -> {
			if (failure == null) {
				this.condition.succeeded(call.script.name());
				call.complete(result);
			}
			else if (failure instanceof RedisNoScriptException || (isElsewhere(failure) && call.elsewhere())) {
				this.loop.execute(() -> unknown(call, loaded));
			}
			else if (this.claim != null && isElsewhere(failure)) {
				call.completeExceptionally(this.claim.refusal(failure));
			}
			else {
				Throwable explained = RedisDiagnosis.explained(failure, call.script, key);
				this.condition.refused(call.script.name(), explained);
				call.completeExceptionally(explained);
			}
		});
		this.batch.add(attempt);
		if (this.batch.size() >= BATCH) {
			flush();
		}
	}

	/** Whether the server says that it does not have the partition. */
	private static boolean isElsewhere(Throwable failure) {
		return failure instanceof RedisCommandExecutionException
				&& String.valueOf(failure.getMessage()).startsWith(ShardFence.ELSEWHERE);
	}

	private void flush() {
		if (!this.batch.isEmpty()) {
			Collection<RedisCommand<byte[], byte[], ?>> full = this.batch;
			this.batch = new ArrayList<>(BATCH);
			try {
				this.connection.dispatch(full);
			}
			catch (Throwable ex) {
				this.loop.failed(ex);
				full.forEach((command) -> command.completeExceptionally(ex));
			}
		}
	}

	private void unknown(ScriptCall<?> call, RedisScript.Loaded used) {
		this.again.add(call);
		this.known.remove(call.script, used);
		if (this.loading == null) {
			load(call.script);
		}
	}

	private void load(RedisScript script) {
		flush();
		this.loading = script;
		try {
			this.loader.load(script)
				.whenComplete((loaded, failure) -> this.loop.execute(() -> loaded(script, loaded, failure)));
		}
		catch (Throwable ex) {
			loaded(script, null, ex);
		}
	}

	private void loaded(RedisScript script, RedisScript.@Nullable Loaded loaded, @Nullable Throwable failure) {
		List<ScriptCall<?>> waiting = new ArrayList<>(this.again);
		waiting.addAll(this.held);
		this.again.clear();
		this.held.clear();
		this.loading = null;
		if (loaded != null) {
			this.known.put(script, loaded);
			waiting.forEach(this::take);
			flush();
		}
		else if (failure != null) {
			waiting.forEach((call) -> call.completeExceptionally(RedisLink.unwrap(failure)));
		}
	}

}
