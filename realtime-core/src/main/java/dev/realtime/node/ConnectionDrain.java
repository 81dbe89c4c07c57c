package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import dev.realtime.loop.Environment;

/**
 * Sends a node's connections away, each of them once. Safe for any number of threads.
 */
final class ConnectionDrain {

	private final Hub hub;

	private final Environment environment;

	/** Those that are still open and know that they are to go. */
	@GuardedBy("this")
	private final Set<Connection> told = new HashSet<>();

	ConnectionDrain(Hub hub, Environment environment) {
		this.environment = environment;
		this.hub = hub;
	}

	/** How many connections are open and have not been told to go. */
	synchronized int staying() {
		return open().size();
	}

	/**
	 * Sends away so many at most, chosen at random, each at a random time.
	 * @return how many go
	 */
	synchronized int scheduleReconnect(int most, Duration within) {
		List<Connection> staying = open();
		RandomGenerator random = this.environment.random();
		int count = Math.min(most, staying.size());
		for (int i = 0; i < count; i++) {
			Collections.swap(staying, i, i + random.nextInt(staying.size() - i));
			scheduleReconnect(staying.get(i), within);
		}
		return count;
	}

	/**
	 * Sends away those that have been open for longest, each at a random time; see
	 * {@link RealtimeNode#rebalance}.
	 * @return how many go
	 */
	synchronized int sendOldest(int most, Duration within, Duration minAge) {
		long now = this.environment.nanoTime();
		List<Connection> leaving = open().stream()
			.filter(ConnectionDrain::recovers)
			.filter((each) -> now - each.lifetime().openedNanos() >= minAge.toNanos())
			.sorted(Comparator.comparingLong((each) -> each.lifetime().openedNanos() - now))
			.limit(most)
			.toList();
		leaving.forEach((each) -> scheduleReconnect(each, within));
		return leaving.size();
	}

	/** Whether the client understands when to come back, and knows where it is. */
	private static boolean recovers(Connection connection) {
		return connection.isIntroduced() && connection.wantsControlEvents() && !connection.isOpening();
	}

	@GuardedBy("this")
	private void scheduleReconnect(Connection leaving, Duration within) {
		this.told.add(leaving);
		long wait = this.environment.random().nextLong(Math.max(1, within.toMillis()));
		this.hub.scheduleReconnect(leaving, Duration.ofMillis(wait));
	}

	/** Those that are open and have not been told. */
	@GuardedBy("this")
	private List<Connection> open() {
		this.told.removeIf(Connection::isGone);
		List<Connection> staying = new ArrayList<>(this.hub.connections());
		staying.removeIf(Connection::isGone);
		staying.removeAll(this.told);
		return staying;
	}

}
