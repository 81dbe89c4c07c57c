package dev.realtime.presence.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.LogThrottle;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.redis.Announcing;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.PolicyArgs;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Presence's commands to Redis. */
final class PresenceStore {

	/** Keys: users, totals. Argument: limit. Answer: user, connections, user, … */
	private static final RedisScript MEMBERS = new RedisScript("presence members", """
			local members = {}
			for i, user in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)) do
			  members[2 * i - 1] = user
			  members[2 * i] = tonumber(redis.call('HGET', KEYS[2], user) or 0)
			end
			return members
			""");

	private static final Logger logger = LoggerFactory.getLogger(PresenceStore.class);

	private static final String USERS = "p.users";

	private static final String TOTALS = "p.totals";

	private static final String AGENDA = "agenda";

	private final RedisLink link;

	private final RedisKeys keys;

	private final String node;

	private final PresenceOptions options;

	private final TopicPolicies policies;

	private final Numbering numbering;

	private final PolicyArgs policyArgs;

	private final EventAnnouncer announcer;

	private final LogThrottle policyFailures;

	/**
	 * Over one link.
	 * @param numbering of the presence topics
	 * @param policies say how presence topics are kept
	 * @param node names one life of one node: unlike any node's that died
	 * @param announcer announces events that the script only stores
	 */
	PresenceStore(RedisLink link, RedisKeys keys, Numbering numbering, TopicPolicies policies, String node,
			PresenceOptions options, EventAnnouncer announcer) {
		this.link = link;
		this.policyFailures = new LogThrottle(link.environment());
		this.keys = keys;
		this.numbering = numbering;
		this.policies = policies;
		this.policyArgs = new PolicyArgs(numbering);
		this.node = node;
		this.options = options;
		this.announcer = announcer;
	}

	/** Runs {@link TopicScript}; once more for nodes that it finds dead. */
	CompletionStage<TopicReply> apply(Topic topic, TopicCall call, int room) {
		return apply(topic, call, room, List.of()).thenCompose((reply) -> {
			if (reply.silent().isEmpty()) {
				return CompletableFuture.completedStage(reply);
			}
			return apply(topic, new TopicCall(List.of()), room, reply.silent())
				.thenApply((second) -> second.failure().isEmpty() ? second.failed(reply.failure()) : second);
		});
	}

	private CompletionStage<TopicReply> apply(Topic topic, TopicCall call, int room, List<String> dead) {
		Topic events = PresenceTopics.hasEvents(topic) ? PresenceTopics.of(topic) : null;
		byte[] users = this.keys.of(USERS, topic);
		List<byte[]> keys = new ArrayList<>(9 + dead.size());
		keys.add((events != null) ? this.keys.numbering(events) : users);
		keys.add((events != null) ? this.keys.log(events) : users);
		keys.add(this.keys.of("p.nodes", topic));
		keys.add(users);
		keys.add(this.keys.of(TOTALS, topic));
		keys.add(this.keys.of("p.leaving", topic));
		keys.add(counts(topic, this.node));
		keys.add(this.keys.of("p.crowd", topic));
		keys.add(this.keys.of(AGENDA, this.keys.partitions().of(topic)));
		dead.forEach((node) -> keys.add(counts(topic, node)));
		Announcing announcing = (events != null) ? announcing(events) : Announcing.NOWHERE;
		PolicyArgs.Encoded kept = this.policyArgs.of((events != null) ? policy(events) : TopicPolicy.DEFAULT);
		List<byte[]> args = new ArrayList<>(14 + dead.size() + 3 * call.changes().size());
		args.add(this.numbering.epoch());
		args.add(kept.numberingTtl());
		args.add(announcing.topic());
		args.add(kept.historySize());
		args.add(kept.historyTime());
		args.add(announcing.name());
		args.add(announcing.partition());
		args.add(RedisLink.arg(this.node));
		args.add(RedisLink.arg(this.options.lease().toMillis()));
		args.add(RedisLink.arg(this.options.grace().toMillis()));
		args.add(RedisLink.arg(room));
		args.add(RedisLink.arg(this.options.limits().maxDiffs()));
		args.add(RedisLink.arg(this.options.limits().countInterval().toMillis()));
		args.add(RedisLink.arg(topic.name()));
		dead.forEach((node) -> args.add(RedisLink.arg(node)));
		for (TopicCall.Change change : call.changes()) {
			args.add(RedisLink.arg(change.user().name));
			args.add(RedisLink.arg(change.count()));
			args.add(RedisLink.arg(change.known()));
		}
		return this.link
			.<List<?>>eval(TopicScript.APPLY, ScriptOutputType.MULTI, keys.toArray(byte[][]::new),
					args.toArray(byte[][]::new))
			.thenApply((parts) -> {
				TopicReply reply = TopicReply.of(parts);
				this.announcer.announce(topic, reply.events());
				return reply;
			});
	}

	private Announcing announcing(Topic events) {
		return this.announcer.isScript() ? this.keys.announcing(events) : Announcing.ELSEWHERE;
	}

	/** Members must be written even if the application cannot tell a policy. */
	private TopicPolicy policy(Topic events) {
		try {
			return this.policies.of(events);
		}
		catch (Throwable ex) {
			long since = this.policyFailures.add();
			if (since > 0) {
				logger.warn("The policy of {} could not be determined; the default is used ({} times since this was "
						+ "last logged)", events, since, ex);
			}
			return TopicPolicy.DEFAULT;
		}
	}

	/** The topic's partition. */
	int partition(Topic topic) {
		return this.keys.partitions().of(topic);
	}

	/** The users that Redis has of this node. */
	CompletionStage<Set<String>> stored(Topic topic) {
		byte[] key = counts(topic, this.node);
		return this.link.run("HKEYS", key, (redis) -> redis.hkeys(key))
			.thenApply((names) -> names.stream().map(TopicReply::text).collect(Collectors.toSet()));
	}

	/** Takes topics of a partition where something is due. */
	CompletionStage<Claim> claim(int partition, int limit) {
		return this.link
			.<List<?>>eval(AgendaScript.CLAIM, ScriptOutputType.MULTI, new byte[][] { this.keys.of(AGENDA, partition) },
					RedisLink.arg(limit), RedisLink.arg(this.options.refresh().toMillis()))
			.thenApply((parts) -> new Claim(TopicReply.text(parts.get(0)),
					((List<?>) parts.get(1)).stream().map((name) -> Topic.of(TopicReply.text(name))).toList()));
	}

	CompletionStage<List<Presence.Member>> members(Topic topic, int limit) {
		byte[][] keys = { this.keys.of(USERS, topic), this.keys.of(TOTALS, topic) };
		return this.link.<List<?>>eval(MEMBERS, ScriptOutputType.MULTI, keys, RedisLink.arg(limit))
			.thenApply((flat) -> {
				List<Presence.Member> members = new ArrayList<>(flat.size() / 2);
				for (int i = 0; i < flat.size(); i += 2) {
					int connections = ((Long) flat.get(i + 1)).intValue();
					members.add(new Presence.Member(TopicReply.text(flat.get(i)), connections));
				}
				return List.copyOf(members);
			});
	}

	CompletionStage<Long> count(Topic topic) {
		byte[] key = this.keys.of(USERS, topic);
		return this.link.run("ZCARD", key, (redis) -> redis.zcard(key));
	}

	/** Those of the users who are on the topic; not to be called without users. */
	CompletionStage<Set<String>> present(Topic topic, List<String> users) {
		byte[][] names = users.stream().map(RedisLink::arg).toArray(byte[][]::new);
		byte[] key = this.keys.of(USERS, topic);
		return this.link.run("ZMSCORE", key, (redis) -> redis.zmscore(key, names)).thenApply((scores) -> {
			Set<String> present = new HashSet<>();
			for (int i = 0; i < users.size(); i++) {
				if (scores.get(i) != null) {
					present.add(users.get(i));
				}
			}
			return Set.copyOf(present);
		});
	}

	private byte[] counts(Topic topic, String node) {
		return this.keys.of("p.n", topic, node);
	}

	/**
	 * Topics that this node looks after now.
	 *
	 * @param server the life of Redis that answered
	 * @param topics at most as many as asked for
	 */
	record Claim(String server, List<Topic> topics) {
	}

}
