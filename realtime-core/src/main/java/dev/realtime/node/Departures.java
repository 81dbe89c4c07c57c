package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.loop.Environment;

/**
 * Sends a node's connections away, each of them once. Safe for any number of threads.
 */
final class Departures {

	private final Hub hub;

	private final Environment environment;

	/** Those that are still open and know that they are to go. */
	@GuardedBy("this")
	private final Set<Connection> told = new HashSet<>();

	Departures(Hub hub, Environment environment) {
		this.environment = environment;
		this.hub = hub;
	}

	/**
	 * Sends away so many at most, chosen at random, each at a random time.
	 * @return how many go
	 */
	synchronized int sendAway(int most, Duration within) {
		List<Connection> open = this.hub.connections();
		this.told.retainAll(Set.copyOf(open));
		List<Connection> staying = new ArrayList<>(open);
		staying.removeAll(this.told);
		RandomGenerator random = this.environment.random();
		int count = Math.min(most, staying.size());
		for (int i = 0; i < count; i++) {
			Collections.swap(staying, i, i + random.nextInt(staying.size() - i));
			Connection leaving = staying.get(i);
			this.told.add(leaving);
			this.hub.sendAway(leaving, Duration.ofMillis(random.nextLong(Math.max(1, within.toMillis()))));
		}
		return count;
	}

}
