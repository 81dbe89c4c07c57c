package dev.realtime.presence.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.presence.PresenceEvent;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.jdbc.PresenceRows.TopicState;
import dev.realtime.presence.jdbc.PresenceRows.UserState;

/**
 * The one transaction that changes a topic's members. It holds the lock of the topic's
 * row, and does in this order:
 * <ol>
 * <li>take the connections of dead nodes away; users who have none left leave at once
 * <li>users whose grace is over leave
 * <li>set this node's counts, which are absolute, so that repeating it changes nothing
 * <li>publish the number of members, if joins or leaves were not published
 * <li>note when something is due here next
 * </ol>
 * The events are numbered and stored in the same transaction, in the order of the
 * changes: each is published once, and if and only if the change is in force.
 */
final class TopicChange {

	private static final String ALIVE = "SELECT 1 FROM realtime_presence_node WHERE node = ? AND NOT dead FOR KEY SHARE";

	private final JdbcSession session;

	private final Topic topic;

	private final PresenceRows rows;

	private final PresenceOptions options;

	private final TopicPolicy policy;

	private final String node;

	private final List<PresenceEvent> events = new ArrayList<>();

	/**
	 * One transaction's work.
	 * @param policy how the events are kept
	 */
	TopicChange(JdbcSession session, Topic topic, PresenceOptions options, TopicPolicy policy, String node) {
		this.session = session;
		this.topic = topic;
		this.rows = new PresenceRows(session, topic);
		this.options = options;
		this.policy = policy;
		this.node = node;
	}

	/**
	 * Makes the changes.
	 * @param counts on how many connections of this node each user is now
	 * @param room how many leaves may be found; 0 for none
	 * @param clockMillis the time of the events
	 * @return the events, to be announced after the commit
	 * @throws LeaseLostException when this node counts as dead
	 */
	List<StoredPublication> apply(Map<String, Integer> counts, int room, long clockMillis) throws SQLException {
		if (!counts.isEmpty() && this.session.query(ALIVE, (row) -> true, this.node).isEmpty()) {
			throw new LeaseLostException(this.node);
		}
		TopicState state = this.rows.lock();
		long now = this.rows.now();
		if (!state.untold && state.countAt <= now) {
			state.countAt = 0;
		}
		boolean more = room > 0 && leave(state, now, room);
		set(state, counts, now);
		publishNumber(state, now);
		long due = more ? now
				: earliest(this.rows.nextLeave(), (state.untold || state.members == 0) ? state.countAt : 0);
		if (state.members == 0 && !state.untold && state.countAt == 0 && due == 0) {
			this.rows.delete();
		}
		else {
			this.rows.write(state, due);
		}
		return store(clockMillis);
	}

	/** Finds who has left; returns whether there may be more. */
	private boolean leave(TopicState state, long now, int room) throws SQLException {
		List<String> buried = this.rows.bury(room);
		List<String> over = this.rows.over(now, room);
		Set<String> names = new HashSet<>(buried);
		names.addAll(over);
		if (names.isEmpty()) {
			return false;
		}
		Map<String, UserState> users = this.rows.users(names, this.node);
		Map<String, UserState> ordered = new LinkedHashMap<>();
		for (List<String> some : List.of(buried, over)) {
			for (String name : some) {
				UserState user = users.get(name);
				boolean gone = user != null && user.isMember && user.here + user.elsewhere == 0
						&& (some == buried || user.leavingAt > 0);
				if (user != null && gone) {
					gone(state, name, user);
					ordered.put(name, user);
				}
			}
		}
		this.rows.write(ordered, this.node);
		return buried.size() == room || over.size() == room;
	}

	private void set(TopicState state, Map<String, Integer> counts, long now) throws SQLException {
		if (counts.isEmpty()) {
			return;
		}
		Map<String, UserState> users = this.rows.users(counts.keySet(), this.node);
		counts.forEach((name, count) -> {
			UserState user = users.get(name);
			if (user == null) {
				return;
			}
			user.hereChanged = user.here != count;
			user.here = count;
			if (count > 0) {
				come(state, name, user);
			}
			else if (user.hereChanged && user.elsewhere == 0 && user.isMember) {
				leaveLater(state, name, user, now);
			}
		});
		this.rows.write(users, this.node);
	}

	private void come(TopicState state, String name, UserState user) {
		if (!user.isMember) {
			user.isMember = true;
			user.memberChanged = true;
			state.members++;
			publish(state, new PresenceEvent.Join(name), state.members);
		}
		else if (user.leavingAt > 0) {
			user.leavingAt = 0;
			user.memberChanged = true;
		}
	}

	private void leaveLater(TopicState state, String name, UserState user, long now) {
		if (this.options.grace().isZero()) {
			gone(state, name, user);
		}
		else {
			user.leavingAt = now + this.options.grace().toMillis();
			user.memberChanged = true;
		}
	}

	private void gone(TopicState state, String name, UserState user) {
		user.isMember = false;
		user.memberChanged = true;
		publish(state, new PresenceEvent.Leave(name), state.members);
		state.members--;
	}

	/** Publishes an event, or notes that a number must be published for it. */
	private void publish(TopicState state, PresenceEvent event, long most) {
		if (most > this.options.limits().maxDiffs()) {
			state.untold = true;
		}
		else {
			this.events.add(event);
		}
	}

	private void publishNumber(TopicState state, long now) {
		long interval = this.options.limits().countInterval().toMillis();
		boolean crowded = state.members > this.options.limits().maxDiffs();
		if (!state.untold) {
			return;
		}
		if ((state.countAt != 0 && state.countAt <= now) || (state.countAt == 0 && crowded)) {
			this.events.add(crowded ? new PresenceEvent.Count(state.members) : new PresenceEvent.Reset(state.members));
			state.untold = false;
			state.countAt = now + interval;
		}
		if (state.countAt == 0) {
			state.countAt = now + interval;
		}
	}

	private List<StoredPublication> store(long clockMillis) throws SQLException {
		if (this.events.isEmpty() || !PresenceTopics.hasEvents(this.topic)) {
			return List.of();
		}
		Topic target = PresenceTopics.of(this.topic);
		List<JdbcStore.Entry> entries = this.events.stream()
			.map((event) -> new JdbcStore.Entry(Publication.of(target, event.content()), this.policy))
			.toList();
		return JdbcStore.store(this.session, entries, true, clockMillis).stored();
	}

	private static long earliest(long one, long other) {
		return (one == 0) ? other : (other == 0) ? one : Math.min(one, other);
	}

	/** Another node has found this one dead: it must enter everything again. */
	@SuppressWarnings("serial")
	static final class LeaseLostException extends RuntimeException {

		LeaseLostException(String node) {
			super("The lease of node \"" + node + "\" has expired, and other nodes have declared it dead");
		}

	}

}
