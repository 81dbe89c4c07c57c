package dev.realtime.spring.rates;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.realtime.rate.FleetRates;
import io.github.bucket4j.Bucket;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of one connection, user or address, each made when it is first
 * needed. Safe for any number of threads.
 */
final class Buckets {

	private final RateTable table;

	private final AtomicReferenceArray<Bucket> byKind = new AtomicReferenceArray<>(RateKind.count());

	/** Until when its owner is not let in, if it was ever refused. */
	private volatile long refusedUntil;

	private volatile boolean refused;

	/** What was taken since the fleet was told; null where it is not. */
	private final @Nullable AtomicLongArray spent;

	Buckets(RateTable table) {
		this.table = table;
		this.spent = table.counting() ? new AtomicLongArray(RateKind.count()) : null;
	}

	/**
	 * Takes tokens, at most as many as the bucket holds.
	 * @return 0 if they were taken, or after how many nanoseconds there are as many
	 */
	long take(RateKind kind, long tokens) {
		Bucket bucket = of(kind);
		long cost = Math.min(tokens, this.table.capacity(kind));
		if (bucket.tryConsume(cost)) {
			count(kind, cost);
			return 0;
		}
		return Math.max(1, bucket.estimateAbilityToConsume(cost).getNanosToWaitForRefill());
	}

	/** Gives back what was taken. */
	void giveBack(RateKind kind, long tokens) {
		long cost = Math.min(tokens, this.table.capacity(kind));
		of(kind).addTokens(cost);
		count(kind, -cost);
	}

	/**
	 * Takes tokens for what has happened already. The bucket may be left with a debt, of
	 * one capacity at most.
	 */
	void owe(RateKind kind, long tokens) {
		Bucket bucket = of(kind);
		long most = bucket.getAvailableTokens() + this.table.capacity(kind);
		if (most > 0) {
			long cost = Math.min(tokens, most);
			long unused = bucket.consumeIgnoringRateLimits(cost);
			count(kind, cost);
		}
	}

	/** Takes what is above so many tokens, which may be a debt. */
	void leaveAtMost(RateKind kind, long tokens) {
		Bucket bucket = of(kind);
		long more = bucket.getAvailableTokens() - tokens;
		if (more > 0) {
			long unused = bucket.consumeIgnoringRateLimits(more);
		}
	}

	/** Returns what was taken since the last call. */
	List<FleetExchange.Spent> spent() {
		AtomicLongArray counted = this.spent;
		if (counted == null) {
			return List.of();
		}
		List<FleetExchange.Spent> all = new ArrayList<>();
		for (RateKind kind : RateKind.values()) {
			long tokens = counted.getAndSet(kind.slot(), 0);
			if (tokens > 0) {
				all.add(new FleetExchange.Spent(kind, new FleetRates.Take(kind.name(), tokens,
						this.table.capacity(kind), this.table.perSecond(kind))));
			}
		}
		return all;
	}

	private void count(RateKind kind, long tokens) {
		if (this.spent != null) {
			this.spent.addAndGet(kind.slot(), tokens);
		}
	}

	/** From now on the owner is not let in, for this time. */
	void refuse(long nanos) {
		this.refusedUntil = this.table.clock().currentTimeNanos() + nanos;
		this.refused = true;
	}

	/** Returns for how many nanoseconds the owner is not let in, or 0. */
	long refusedFor() {
		return this.refused ? Math.max(0, this.refusedUntil - this.table.clock().currentTimeNanos()) : 0;
	}

	/** Whether nothing would be lost with this: it is as good as new. */
	boolean isUnused() {
		if (refusedFor() > 0) {
			return false;
		}
		for (RateKind kind : RateKind.values()) {
			Bucket bucket = this.byKind.get(kind.slot());
			if (bucket != null && bucket.getAvailableTokens() < this.table.capacity(kind)) {
				return false;
			}
		}
		return true;
	}

	private Bucket of(RateKind kind) {
		Bucket known = this.byKind.get(kind.slot());
		if (known != null) {
			return known;
		}
		Bucket made = this.table.bucket(kind);
		Bucket other = this.byKind.compareAndExchange(kind.slot(), null, made);
		return (other != null) ? other : made;
	}

}
