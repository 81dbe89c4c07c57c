package dev.realtime.spring.sessions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.StoredRestriction;
import dev.realtime.spring.security.ConnectToken;
import org.jspecify.annotations.Nullable;

/**
 * The restrictions that this node knows. Changed by one loop, read by any number of
 * threads. Times are measured by this node's monotonic clock.
 */
final class KnownRestrictions {

	private final Map<String, Known> byKey = new ConcurrentHashMap<>();

	/** Returns why the user may not connect or read, or null. */
	@Nullable Refusal refusal(String user, @Nullable ConnectToken token) {
		if (this.byKey.isEmpty()) {
			return null;
		}
		if (find(Kind.BLOCKED, user) != null) {
			return Refusal.BLOCKED;
		}
		return (token != null && isRevoked(user, token)) ? Refusal.REVOKED : null;
	}

	private boolean isRevoked(String user, ConnectToken token) {
		String id = token.id();
		if (id != null && find(Kind.TOKEN, id) != null) {
			return true;
		}
		Restriction before = find(Kind.ISSUED_BEFORE, user);
		if (before == null) {
			return false;
		}
		Instant issuedAt = token.issuedAt();
		return issuedAt == null || issuedAt.toEpochMilli() < Long.parseLong(before.detail());
	}

	private @Nullable Restriction find(Kind kind, String subject) {
		if (subject.isEmpty() || subject.length() > Restriction.MAX_SUBJECT_LENGTH) {
			return null;
		}
		Known known = this.byKey.get(new Restriction(kind, subject, "").key());
		return (known != null && known.left(System.nanoTime()) > 0) ? known.restriction() : null;
	}

	/**
	 * Adds one, or replaces the one of the same key.
	 * @return whether it is not known yet, or is another change
	 */
	boolean put(StoredRestriction entry) {
		long end = System.nanoTime() + entry.left().toNanos();
		Known before = this.byKey.put(entry.restriction().key(), new Known(entry.restriction(), end, entry.number()));
		return before == null || before.number() != entry.number();
	}

	void remove(String key) {
		this.byKey.remove(key);
	}

	/** Forgets all that are not among these. */
	void retain(List<StoredRestriction> entries) {
		Set<String> keys = new HashSet<>();
		entries.forEach((entry) -> keys.add(entry.restriction().key()));
		this.byKey.keySet().retainAll(keys);
	}

	/** Forgets those that have expired. */
	void expire() {
		long now = System.nanoTime();
		this.byKey.values().removeIf((known) -> known.left(now) <= 0);
	}

	/** Returns those that have not expired. */
	List<StoredRestriction> all() {
		long now = System.nanoTime();
		List<StoredRestriction> all = new ArrayList<>();
		this.byKey.values().forEach((known) -> {
			if (known.left(now) > 0) {
				all.add(new StoredRestriction(known.restriction(), Duration.ofNanos(known.left(now)), known.number()));
			}
		});
		return all;
	}

	int size() {
		return this.byKey.size();
	}

	private record Known(Restriction restriction, long endNanos, long number) {

		long left(long nowNanos) {
			return this.endNanos - nowNanos;
		}

	}

}
