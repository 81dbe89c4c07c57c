package dev.realtime.connection;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Makes equal subscription ids one string, as far as few are in use: a million clients
 * that all say {@code sub-0} then share its bytes, and to see that two are equal takes no
 * look at them. Safe for any number of threads; losing a race costs a copy.
 */
final class SharedIds {

	private static final int KEPT = 256;

	private final AtomicReferenceArray<@Nullable String> known = new AtomicReferenceArray<>(KEPT);

	String of(String id) {
		int slot = Math.floorMod(id.hashCode(), KEPT);
		String same = this.known.get(slot);
		if (id.equals(same)) {
			return same;
		}
		this.known.set(slot, id);
		return id;
	}

}
