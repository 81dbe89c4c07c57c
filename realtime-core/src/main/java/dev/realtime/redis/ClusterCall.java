package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One command or script for a slot of a cluster, from the caller's request to its answer;
 * it may take several attempts until it comes to the slot's master.
 */
final class ClusterCall<T> extends CompletableFuture<T> {

	final String what;

	final int slot;

	/** The answer that the slot is elsewhere, until the call is sent again. */
	volatile @Nullable Throwable elsewhere;

	/** Whether its outcome is looked at; confined to the link's loop. */
	boolean watched;

	private final Function<ServerLink, CompletionStage<T>> attempt;

	ClusterCall(String what, int slot, Function<ServerLink, CompletionStage<T>> attempt) {
		this.what = what;
		this.slot = slot;
		this.attempt = attempt;
	}

	CompletionStage<T> on(ServerLink link) {
		return this.attempt.apply(link);
	}

	/** A call whose time was over while its slot moved tells that. */
	@Override
	public boolean completeExceptionally(Throwable failure) {
		Throwable known = this.elsewhere;
		String why = (known != null && failure instanceof TimeoutException) ? RedisDiagnosis.of(known) : null;
		return super.completeExceptionally((why != null) ? new RedisRefusedException(why, false, known) : failure);
	}

}
