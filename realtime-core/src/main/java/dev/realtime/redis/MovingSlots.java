package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.realtime.loop.Loop;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * Slots of a Redis Cluster that are moving, and the calls that wait for them.
 *
 * <h2>Why order survives</h2> When a call is answered that its slot is elsewhere, or just
 * moving, it was not carried out. From then on every call for the slot waits. A script
 * that does nothing is sent behind those that the old master was given: when it is
 * answered, so are they. Then all are handed on again, those that came back first.
 * <p>
 * While a slot is moving, a script whose keys are partly here and partly there cannot run
 * anywhere. It is tried again until the slot has moved, or its time is over. Confined to
 * the loop of its link, but for {@link #refusal}.
 */
final class MovingSlots {

	private static final RedisScript BARRIER = new RedisScript("barrier", "return 1");

	private static final Duration PAUSE = Duration.ofMillis(30);

	private final Masters masters;

	private final Loop loop;

	private final Consumer<ClusterCall<?>> again;

	private final Function<String, CompletionStage<?>> connected;

	private final Map<Integer, Held> held = new HashMap<>();

	/** What calls whose slot was moving have failed with. */
	private final ServerCondition condition;

	/**
	 * None so far.
	 * @param again takes a call whose slot is known again
	 * @param connected completes when there is a connection with a master, or cannot be
	 */
	MovingSlots(Masters masters, Loop loop, Consumer<ClusterCall<?>> again,
			Function<String, CompletionStage<?>> connected) {
		this.masters = masters;
		this.condition = new ServerCondition(loop.environment());
		this.loop = loop;
		this.again = again;
		this.connected = connected;
	}

	/** Keeps a call if its slot is moving. */
	boolean keeps(ClusterCall<?> call) {
		Held waiting = this.held.get(call.slot);
		return waiting != null && waiting.later.add(call);
	}

	/** Whether no call waits. */
	boolean isEmpty() {
		return this.held.isEmpty();
	}

	/** Why calls on moving slots fail, or null; any thread. */
	@Nullable String refusal() {
		return this.condition.refusal();
	}

	/** Whether the call was not carried out because of where its slot is. */
	static boolean isElsewhere(Throwable failure) {
		String message = (failure instanceof RedisCommandExecutionException) ? failure.getMessage() : null;
		return message != null
				&& (message.startsWith("MOVED ") || message.startsWith("ASK ") || message.startsWith("TRYAGAIN"));
	}

	/** Keeps a call that was answered so. */
	void elsewhere(ClusterCall<?> call, ServerLink link, Throwable failure) {
		call.elsewhere = failure;
		String[] words = String.valueOf(failure.getMessage()).split(" ", -1);
		boolean moved = words[0].equals("MOVED");
		if (moved) {
			this.masters.moved(call.slot, words[2]);
			this.condition.succeeded(name(call.slot));
		}
		watch(call);
		Held waiting = this.held.get(call.slot);
		if (waiting != null) {
			waiting.again.add(call);
			return;
		}
		Held first = new Held();
		first.again.add(call);
		this.held.put(call.slot, first);
		link.<Long>eval(BARRIER, ScriptOutputType.INTEGER, new byte[0][])
			.whenComplete((passed, lost) -> this.loop.execute(() -> ready(call.slot, moved)));
	}

	private void watch(ClusterCall<?> call) {
		if (!call.watched) {
			call.watched = true;
			var unused = call.whenComplete((value, failure) -> {
				if (failure == null) {
					this.condition.succeeded(name(call.slot));
				}
				else {
					this.condition.refused(name(call.slot), failure);
				}
			});
		}
	}

	private static String name(int slot) {
		return "slot " + slot;
	}

	/** All that was sent to the old master is answered. */
	private void ready(int slot, boolean moved) {
		String address = this.masters.address(slot);
		if (!moved) {
			this.loop.after(PAUSE, () -> release(slot));
		}
		else if (address == null) {
			release(slot);
		}
		else {
			this.connected.apply(address).whenComplete((done, failure) -> this.loop.execute(() -> release(slot)));
		}
	}

	private void release(int slot) {
		Held waiting = this.held.remove(slot);
		if (waiting != null) {
			List<ClusterCall<?>> calls = new ArrayList<>(waiting.again);
			calls.addAll(waiting.later);
			calls.forEach(this.again);
		}
	}

	/** Calls of a slot that wait until it is known where it is. */
	private static final class Held {

		private final Queue<ClusterCall<?>> again = new ArrayDeque<>();

		private final Queue<ClusterCall<?>> later = new ArrayDeque<>();

	}

}
