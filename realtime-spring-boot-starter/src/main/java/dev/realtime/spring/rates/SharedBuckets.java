package dev.realtime.spring.rates;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The buckets of users, or of addresses, that have done something lately. Bounded: if it
 * is full, one of them is forgotten and begins anew. Safe for any number of threads.
 */
final class SharedBuckets {

	private final Map<String, Buckets> byName = new ConcurrentHashMap<>();

	private final RateTable table;

	private final int most;

	SharedBuckets(RateTable table, int most) {
		this.table = table;
		this.most = most;
	}

	/** Returns the buckets of this name, and makes them if there are none. */
	Buckets of(String name) {
		Buckets known = this.byName.get(name);
		if (known != null) {
			return known;
		}
		if (this.byName.size() >= this.most) {
			forgetOne();
		}
		Buckets made = new Buckets(this.table);
		known = this.byName.putIfAbsent(name, made);
		return (known != null) ? known : made;
	}

	/** Returns the buckets of this name, or null if there are none. */
	@Nullable Buckets find(String name) {
		return this.byName.get(name);
	}

	void forEach(BiConsumer<String, Buckets> consumer) {
		this.byName.forEach(consumer);
	}

	/** Forgets those that are as good as new. */
	void sweep() {
		this.byName.values().removeIf(Buckets::isUnused);
	}

	int size() {
		return this.byName.size();
	}

	/** Those that are not let in are kept, unless all of the first ones are. */
	private void forgetOne() {
		Iterator<Map.Entry<String, Buckets>> all = this.byName.entrySet().iterator();
		int looked = 0;
		while (all.hasNext()) {
			Map.Entry<String, Buckets> each = all.next();
			if (each.getValue().refusedFor() == 0 || ++looked > 16) {
				this.byName.remove(each.getKey(), each.getValue());
				return;
			}
		}
	}

}
