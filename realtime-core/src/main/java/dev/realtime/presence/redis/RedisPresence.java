package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Epochs;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.UserNames;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.AbstractRedisClient;
import org.jspecify.annotations.Nullable;

/**
 * Presence of a fleet, in Redis 6.2 or later.
 *
 * <h2>Storage details</h2> All times are those of Redis's clock. A node's name here is
 * its id and a random part for each start, as in {@code chat-1~7Q2M0Z5K3B}: a node that
 * comes back after a crash is another one. <pre>
 * rt:{111.6r6}:p.nodes:room.42    zset  node, scored by the end of its lease on this topic (ms)
 * rt:{111.6r6}:p.n:room.42:NODE   hash  user -> connections of that node; never 0
 * rt:{111.6r6}:p.totals:room.42   hash  user -> connections of all nodes; never 0
 * rt:{111.6r6}:p.users:room.42    zset  all members, scored 0 and so ordered by name
 * rt:{111.6r6}:p.leaving:room.42  zset  members without a connection, by the end of their grace
 * rt:{111.6r6}:p.crowd:room.42    hash  at = when the number of members may be published again
 *                                       (ms), untold = 1 if it must be
 * rt:{111.6r6}:agenda             zset  topics of the partition, by when a node should look there
 * </pre> Everything of a topic is changed by one script ({@link TopicScript}), which
 * therefore also sees at that moment whose lease is over: there is no sweep that could
 * race with the node's return, no count without a lease, and no lease without its entry
 * on the agenda. A node has a lease on each of its topics, renewed every {@code refresh}.
 * The agendas ({@link AgendaScript}) tell all nodes where something is due; each polls
 * them every quarter of the grace period, at most every second. All keys expire after
 * their last change or renewal, but not before the events on the topic's presence topic
 * do, and after two leases and a grace period at the earliest. So a fleet that was away
 * as a whole still finds who has left, for clients that continue from an earlier event.
 * Redis must not evict the keys. The presence topic is in the partition of its topic, and
 * each partition has an agenda, so all keys of a call are in one slot.
 *
 * <h2>Events</h2> The script publishes each event on the presence topic in the step that
 * takes the user in or out of {@code users}: numbered, stored and announced as
 * {@code dev.realtime.broker.redis.RedisBroker} does it, under the keys of
 * {@code _presence.room.42}. So the order of events is the order of changes, on whichever
 * nodes they were made and found, and an event is published even if its node dies before
 * it gets the reply. The broker of the nodes must keep presence topics in the same Redis
 * under the same prefix. Replaying the events gives the members, except while a number of
 * members is outstanding (see {@link TopicScript}).
 * <ul>
 * <li>Redis restarted empty: a new epoch of the events begins. Users who are still
 * connected are entered again silently, and a number is published afterwards; users who
 * left meanwhile leave after the grace. A user who opens a further connection before the
 * node of the first has written it again is published as joined.
 * <li>Redis forgot without a restart ({@code FLUSHALL}): a new epoch of the events
 * begins, in which everyone who is still connected joins.
 * <li>A node that was cut off for a lease while others were not, or Redis itself standing
 * still that long: users leave, and join when their node is back.
 * <li>After Redis was away, leaves of others are found later by the time that it was
 * away, at most a lease: the other nodes need that time to come back.
 * <li>A connection that enters and leaves while the topic's previous change is on its way
 * may cause no event.
 * </ul>
 */
public final class RedisPresence implements Presence {

	/** The rest of the 5 s is for the connection. */
	private static final Duration CLOSING = Duration.ofSeconds(2);

	/** How many users one command asks for. */
	private static final int ASKED_AT_ONCE = 1_000;

	private final AbstractRedisClient client;

	private final RedisKeys keys;

	private final String nodeId;

	private final PresenceOptions options;

	private final TopicPolicies policies;

	private final Duration commandTimeout;

	private final Duration numberingTtl;

	private final Loops loops;

	private final EventAnnouncer announcer;

	private volatile @Nullable PresenceNode node;

	/**
	 * Does not connect yet.
	 * @param client not closed by us
	 * @param keys the fleet's names
	 * @param nodeId for people who look into Redis; made unique here
	 * @param options the same on all nodes
	 * @param policies say how long the events on presence topics are kept
	 * @param commandTimeout the longest that one command may take
	 * @param numberingTtl how long the numbering of an untouched presence topic is kept;
	 * the same as the broker's
	 * @param loops makes the threads of presence
	 */
	public RedisPresence(AbstractRedisClient client, RedisKeys keys, String nodeId, PresenceOptions options,
			TopicPolicies policies, Duration commandTimeout, Duration numberingTtl, Loops loops) {
		this(client, keys, nodeId, options, policies, commandTimeout, numberingTtl, null, loops);
	}

	/**
	 * Does not connect yet; for a fleet whose relay is another one than Redis.
	 * @param client not closed by us
	 * @param keys the fleet's names
	 * @param nodeId for people who look into Redis; made unique here
	 * @param options the same on all nodes
	 * @param policies say how long the events on presence topics are kept
	 * @param commandTimeout the longest that one command may take
	 * @param numberingTtl how long the numbering of an untouched presence topic is kept;
	 * the same as the broker's
	 * @param announcing announces an event that is stored, without blocking; with null,
	 * the script that stores events announces them in Redis
	 * @param loops makes the threads of presence
	 */
	public RedisPresence(AbstractRedisClient client, RedisKeys keys, String nodeId, PresenceOptions options,
			TopicPolicies policies, Duration commandTimeout, Duration numberingTtl,
			@Nullable Function<TopicMessage, CompletionStage<Void>> announcing, Loops loops) {
		this.announcer = new EventAnnouncer(announcing, loops.environment());
		this.client = client;
		this.keys = keys;
		this.nodeId = nodeId;
		this.options = options;
		this.policies = policies;
		this.commandTimeout = commandTimeout;
		this.numberingTtl = numberingTtl;
		this.loops = loops;
	}

	/**
	 * {@inheritDoc}
	 * @param listener not called: all events are published here
	 * @throws io.lettuce.core.RedisConnectionException when Redis cannot be reached at
	 * the start
	 */
	@Override
	public void start(Listener listener) {
		if (this.node != null) {
			throw new IllegalStateException("Presence is already started");
		}
		RedisLink link = RedisLink.connect(this.client, this.commandTimeout, this.loops, "realtime-redis-presence");
		PresenceStore store = new PresenceStore(link, this.keys, new Numbering(link, this.keys, this.numberingTtl),
				this.policies, this.nodeId + '~' + Epochs.next(this.loops.environment().secureRandom()), this.options,
				this.announcer);
		PresenceNode started = new PresenceNode(link, store, this.keys.partitions().count(), this.options,
				this.loops.loop("realtime-presence"));
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
