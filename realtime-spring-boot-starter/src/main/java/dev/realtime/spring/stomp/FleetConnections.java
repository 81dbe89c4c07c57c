package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.loop.Loop;
import dev.realtime.restriction.ConnectionCounts;
import dev.realtime.spring.AddressConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits each user's connections on all nodes together. A connection is accepted first,
 * so nothing waits for the store, and is closed as soon as the store says that it is one
 * too many. While the store does not answer, none is closed. State is confined to the
 * loop; methods may be called by any thread.
 */
final class FleetConnections implements AutoCloseable {

	/** The name of the bean. */
	static final String BEAN = "realtimeFleetConnections";

	/** After so many renewals all users are reported again, a part of them each time. */
	private static final int ROUND = 20;

	private static final CloseReason TOO_MANY = CloseReason.policy(AddressConnections.WORD);

	private static final Logger logger = LoggerFactory.getLogger(FleetConnections.class);

	private final ConnectionCounts counts;

	private final Loop loop;

	private final int most;

	private final Map<String, Local> users = new HashMap<>();

	private int renewals;

	/** Whether what was reported may be forgotten. */
	private boolean forgotten;

	/**
	 * Makes what limits.
	 * @param counts not closed by this
	 * @param loop closed by this
	 * @param most how many connections a user may have
	 * @param lease how long a node counts that says nothing
	 */
	FleetConnections(ConnectionCounts counts, Loop loop, int most, Duration lease) {
		this.counts = counts;
		this.loop = loop;
		this.most = most;
		loop.execute(this::renew);
		loop.every(lease.dividedBy(3), this::renew);
	}

	/** A connection counts for a user on this node. */
	void joined(String user, Connection connection) {
		this.loop.execute(() -> {
			Local local = this.users.computeIfAbsent(user, (name) -> new Local());
			local.ids.add(connection.id());
			local.added.add(connection);
			report(user, local);
		});
	}

	/** It counts no longer. */
	void left(String user, String connection) {
		this.loop.execute(() -> {
			Local local = this.users.get(user);
			if (local != null && local.ids.remove(connection)) {
				local.added.removeIf((each) -> each.id().equals(connection));
				local.changed = true;
				report(user, local);
			}
		});
	}

	@Override
	public void close() {
		this.loop.close();
	}

	private void renew() {
		var unused = this.counts.renew().whenComplete((lived, failure) -> this.loop.execute(() -> {
			if (failure != null) {
				logger.debug("Redis has failed; connections of users are counted on this node alone", failure);
			}
			this.forgotten |= failure != null || !lived;
			if (failure == null) {
				reportAgain();
			}
		}));
	}

	private void reportAgain() {
		int turn = this.renewals++ % ROUND;
		boolean all = this.forgotten;
		this.forgotten = false;
		List.copyOf(this.users.entrySet()).forEach((each) -> {
			if (all || Math.floorMod(each.getKey().hashCode(), ROUND) == turn) {
				each.getValue().changed = true;
				report(each.getKey(), each.getValue());
			}
		});
	}

	/** One report of a user at a time, so that the last one is the right one. */
	private void report(String user, Local local) {
		if (local.underWay || (!local.changed && local.added.isEmpty())) {
			forgetIfGone(user, local);
			return;
		}
		List<Connection> added = List.copyOf(local.added);
		local.added.clear();
		local.changed = false;
		local.underWay = true;
		var unused = this.counts.report(user, local.ids.size(), added.size(), this.most)
			.whenComplete((excess, failure) -> this.loop.execute(() -> reported(user, local, added, excess)));
	}

	private void reported(String user, Local local, List<Connection> added, @Nullable Integer excess) {
		local.underWay = false;
		if (excess == null) {
			// The next renewal that succeeds reports all.
			local.changed = true;
			this.forgotten = true;
			return;
		}
		int accepted = added.size() - excess;
		for (Connection connection : added.subList(accepted, added.size())) {
			local.ids.remove(connection.id());
			Refusals.refuseConnect(connection, TOO_MANY,
					"You have " + this.most + " connections already on all nodes, the most allowed");
		}
		report(user, local);
	}

	private void forgetIfGone(String user, Local local) {
		if (local.ids.isEmpty() && !local.underWay && !local.changed) {
			this.users.remove(user, local);
		}
	}

	private static final class Local {

		/** The ids of all that count. */
		private final Set<String> ids = new HashSet<>(2);

		/** Those that have not been reported yet. */
		private final List<Connection> added = new ArrayList<>(1);

		private boolean changed;

		private boolean underWay;

	}

}
