package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.UserNames;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.RedisClient;
import org.jspecify.annotations.Nullable;

/**
 * Presence of a fleet, in Redis 6.2 or later.
 *
 * <h2>Storage details</h2> All times are those of Redis's clock. A node's name here is
 * its id and a random part for each start, as in {@code chat-1~7Q2M0Z5K3B}: a node that
 * comes back after a crash is another one. <pre>
 * rt:{room.42}:p:nodes      zset  node, scored by the end of its lease on this topic (ms)
 * rt:{room.42}:p:n:NODE     hash  user -> connections of that node; never 0
 * rt:{room.42}:p:totals     hash  user -> connections of all nodes; never 0
 * rt:{room.42}:p:users      zset  all members, scored 0 and so ordered by name
 * rt:{room.42}:p:leaving    zset  members without a connection, by the end of their grace
 * rt:{room.42}:p:told:NODE  list  number of the node's last call and the events it caused
 * rt:presence               zset  the agenda: topic, by when somebody should look there
 * </pre> Everything of a topic is in one slot and is changed by one script
 * ({@link TopicScript}), which therefore also sees at that moment whose lease is over:
 * there is no sweep that could race with the node's return, and no count without a lease.
 * A node has a lease on each of its topics, renewed every {@code refresh}. The agenda
 * ({@link AgendaScripts}) tells all nodes where something is due; each polls it every
 * quarter of the grace period, at most every second. All keys expire two leases and a
 * grace period after their last change or renewal, so that nothing stays when the whole
 * fleet dies. Redis must not evict them. The script finds the counts of dead nodes by
 * their names, so it touches keys that it was not given; they are in the same slot.
 *
 * <h2>Events</h2> An event belongs to the call that took the user in or out of
 * {@code users}; so there is one in the fleet, and a lost reply is asked for again.
 * <ul>
 * <li>Redis restarted empty: who is still connected is entered again silently; who left
 * meanwhile, gets a leave after the grace. A user who opens a further connection before
 * the node of the first has written it again is told as joined twice.
 * <li>Redis forgot without a restart ({@code FLUSHALL}): who is still connected is told
 * as joined once more, by one node; who left between that and the next refresh is not
 * told.
 * <li>A node that was cut off for a lease while others were not, or Redis itself standing
 * still that long: users are told as left, and as joined when their node is back.
 * <li>After Redis was away, leaves of others are found later by the time that it was
 * away, at most a lease: the other nodes need that time to come back.
 * <li>A connection that enters and leaves while the topic's previous change is on its way
 * may cause no event.
 * </ul>
 * A slow listener delays changes and leaves rather than filling the memory; leases are
 * renewed all the same.
 */
public final class RedisPresence implements Presence {

	/** The rest of the 5 s is for the last events and the connection. */
	private static final Duration CLOSING = Duration.ofSeconds(2);

	/** How many users one command asks for. */
	private static final int ASKED_AT_ONCE = 1_000;

	private final RedisClient client;

	private final RedisKeys keys;

	private final String nodeId;

	private final PresenceOptions options;

	private final Duration commandTimeout;

	private volatile @Nullable PresenceNode node;

	/**
	 * Does not connect yet.
	 * @param client not closed by us
	 * @param keys the fleet's names
	 * @param nodeId for people who look into Redis; made unique here
	 * @param options the same on all nodes
	 * @param commandTimeout the longest that one command may take
	 */
	public RedisPresence(RedisClient client, RedisKeys keys, String nodeId, PresenceOptions options,
			Duration commandTimeout) {
		this.client = client;
		this.keys = keys;
		this.nodeId = nodeId;
		this.options = options;
		this.commandTimeout = commandTimeout;
	}

	/**
	 * {@inheritDoc}
	 * @throws io.lettuce.core.RedisConnectionException when Redis cannot be reached at
	 * the start
	 */
	@Override
	public void start(Listener listener) {
		if (this.node != null) {
			throw new IllegalStateException("Presence was started before");
		}
		RedisLink link = RedisLink.connect(this.client, this.commandTimeout);
		PresenceNode started = new PresenceNode(link, this.keys, this.nodeId, this.options, listener);
		this.node = started;
		started.start();
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		return node().enter(topic, UserNames.check(user), connection);
	}

	@Override
	public CompletionStage<Void> leave(Topic topic, String user, String connection) {
		return node().leave(topic, user, connection);
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
		}
		return (limit == 0) ? CompletableFuture.completedStage(List.of()) : node().store().members(topic, limit);
	}

	@Override
	public CompletionStage<Long> count(Topic topic) {
		return node().store().count(topic);
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
		List<String> asked = users.stream().filter(UserNames::isLegal).distinct().toList();
		CompletionStage<Set<String>> present = CompletableFuture.completedStage(Set.of());
		for (int from = 0; from < asked.size(); from += ASKED_AT_ONCE) {
			List<String> part = new ArrayList<>(asked.subList(from, Math.min(asked.size(), from + ASKED_AT_ONCE)));
			present = present.thenCombine(node().store().present(topic, part), RedisPresence::union);
		}
		return present;
	}

	private static Set<String> union(Set<String> left, Set<String> right) {
		Set<String> both = new HashSet<>(left);
		both.addAll(right);
		return Set.copyOf(both);
	}

	/**
	 * {@inheritDoc} Users who reconnect elsewhere within the grace period neither leave
	 * nor join; the leaves of the others are found by the other nodes. While Redis is
	 * away, returns at once and leaves it to the lease.
	 */
	@Override
	public void close() {
		PresenceNode running = this.node;
		if (running != null) {
			running.close(CLOSING);
		}
	}

	private PresenceNode node() {
		PresenceNode running = this.node;
		if (running == null) {
			throw new IllegalStateException("Presence was not started");
		}
		return running;
	}

}
