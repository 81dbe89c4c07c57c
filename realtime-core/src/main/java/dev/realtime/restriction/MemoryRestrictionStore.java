package dev.realtime.restriction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Environment;
import dev.realtime.restriction.Restriction.Kind;
import org.jspecify.annotations.Nullable;

/** Restrictions in the memory of one node, which end with it. */
public final class MemoryRestrictionStore implements RestrictionStore {

	private static final String EPOCH = "memory";

	private final int most;

	private final Environment environment;

	@GuardedBy("this")
	private final Map<String, Kept> byKey = new HashMap<>();

	@GuardedBy("this")
	private long number;

	/**
	 * Makes an empty store.
	 * @param most how many restrictions there may be
	 */
	public MemoryRestrictionStore(int most) {
		this(most, Environment.system());
	}

	/**
	 * Makes an empty store.
	 * @param most how many restrictions there may be
	 * @param environment the source of time
	 */
	public MemoryRestrictionStore(int most, Environment environment) {
		this.most = most;
		this.environment = environment;
	}

	@Override
	public synchronized CompletionStage<Change> put(Restriction restriction, Duration keep) {
		long now = expire();
		Kept known = this.byKey.get(restriction.key());
		if (known == null && this.byKey.size() >= this.most) {
			return CompletableFuture.failedFuture(new TooManyRestrictionsException(this.most));
		}
		Kept next = new Kept(restriction, now + keep.toNanos(), ++this.number);
		if (known != null) {
			next = next.atLeast(known);
		}
		this.byKey.put(restriction.key(), next);
		return CompletableFuture.completedFuture(new Change(new Revision(EPOCH, this.number), next.stored(now)));
	}

	/** Nothing is lost here. */
	@Override
	public CompletionStage<Void> restore(Restriction restriction, Duration keep) {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public synchronized CompletionStage<@Nullable Revision> remove(Restriction restriction) {
		expire();
		boolean removed = this.byKey.remove(restriction.key()) != null;
		return CompletableFuture.completedFuture(removed ? new Revision(EPOCH, ++this.number) : null);
	}

	@Override
	public synchronized CompletionStage<RestrictionList> read(Revision known) {
		long now = expire();
		Revision revision = new Revision(EPOCH, this.number);
		List<StoredRestriction> all = null;
		if (!revision.equals(known)) {
			all = new ArrayList<>();
			for (Kept each : this.byKey.values()) {
				all.add(each.stored(now));
			}
		}
		return CompletableFuture.completedFuture(new RestrictionList(revision, all));
	}

	@Override
	public boolean isShared() {
		return false;
	}

	@Override
	public void close() {
	}

	@GuardedBy("this")
	private long expire() {
		long now = this.environment.nanoTime();
		this.byKey.values().removeIf((each) -> each.endNanos() - now <= 0);
		return now;
	}

	private record Kept(Restriction restriction, long endNanos, long number) {

		StoredRestriction stored(long now) {
			return new StoredRestriction(this.restriction, Duration.ofNanos(this.endNanos - now), this.number);
		}

		/** What was revoked before stays revoked. */
		Kept atLeast(Kept before) {
			Kind kind = this.restriction.kind();
			if (kind != Kind.TOKEN && kind != Kind.ISSUED_BEFORE) {
				return this;
			}
			boolean weaker = kind == Kind.ISSUED_BEFORE
					&& Long.parseLong(this.restriction.detail()) < Long.parseLong(before.restriction.detail());
			long end = (this.endNanos - before.endNanos > 0) ? this.endNanos : before.endNanos;
			return new Kept(weaker ? before.restriction : this.restriction, end, this.number);
		}

	}

}
