package dev.realtime.connection;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * A node's connections by id, and the end of taking new ones. Safe for any number of
 * threads.
 */
final class OpenConnections {

	private final Map<String, Connection> byId = new ConcurrentHashMap<>();

	private final Environment environment;

	/** Complete when no more are taken and the last one is gone. */
	private final CompletableFuture<Boolean> allGone = new CompletableFuture<>();

	@GuardedBy("this")
	private boolean ended;

	@GuardedBy("this")
	private boolean refusing;

	OpenConnections(Environment environment) {
		this.environment = environment;
	}

	/** Takes a connection, unless none is taken now. */
	synchronized boolean add(Connection connection) {
		boolean taken = !this.ended && !this.refusing;
		if (taken) {
			this.byId.put(connection.id(), connection);
		}
		return taken;
	}

	/** Whether connections are refused until this is called again. */
	synchronized void refuse(boolean refusing) {
		this.refusing = refusing;
	}

	/** Returns whether it was there. */
	synchronized boolean remove(Connection connection) {
		boolean removed = this.byId.remove(connection.id(), connection);
		releaseIfAllGone();
		return removed;
	}

	/**
	 * Takes no more from now on.
	 * @return false when that was so before
	 */
	synchronized boolean end() {
		boolean first = !this.ended;
		this.ended = true;
		releaseIfAllGone();
		return first;
	}

	@Nullable Connection get(String id) {
		return this.byId.get(id);
	}

	Collection<Connection> all() {
		return this.byId.values();
	}

	/** Waits until the last one is gone; false when the time is over before. */
	boolean awaitAllGone(Duration patience) {
		try {
			return this.environment.await(this.allGone, patience);
		}
		catch (TimeoutException | ExecutionException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@GuardedBy("this")
	private void releaseIfAllGone() {
		if (this.ended && this.byId.isEmpty()) {
			this.allGone.complete(true);
		}
	}

}
